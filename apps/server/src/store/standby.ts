/**
 * The gate of fresh connections for reads, where the database names synchronous standbys (L2). A primary that was started
 * again shows what it holds, also what it had not been allowed to acknowledge yet; a fail-over would take that back. So
 * once a connection broke, nothing is read until a standby has flushed that moment: a commit of our own that has to wait
 * for it.
 *
 * From then on a primary shows nothing before a standby has it, unless somebody cancels a commit's wait by hand. Without
 * standbys the gate costs one short question after each break.
 */
import type { ClientBase } from 'pg'
import { DatabaseNotReady } from '../outage.ts'

/** A caller waits for this beside its own question. */
const flushWithinMs = 2_000

const question = `select current_setting('synchronous_standby_names') <> '' as named`

const flushThisMoment = `
  begin; set local synchronous_commit = on; set local statement_timeout = ${flushWithinMs};
  select pg_logical_emit_message(true, 'recado', ''); commit`

export class StandbyGate {
  #state: 'closed' | 'open' = 'closed'
  /** How many connections broke: what was asked before one did says nothing about what answers after it. */
  #breaks = 0

  /** Rejects with `DatabaseNotReady` while the standby is missing. */
  async pass(client: ClientBase): Promise<void> {
    client.once('error', () => this.#close())
    if (this.#state === 'open') return
    const breaks = this.#breaks
    const { rows } = await client.query<{ named: boolean }>(question)
    if (rows[0]?.named === true && !(await isFlushed(client))) {
      throw new DatabaseNotReady('no synchronous standby answers')
    }
    if (breaks === this.#breaks) this.#state = 'open'
  }

  #close(): void {
    this.#state = 'closed'
    this.#breaks += 1
  }
}

/** A commit whose wait was ended is reported as done, with a warning that says that no standby may have it. */
async function isFlushed(client: ClientBase): Promise<boolean> {
  let warned = false
  const listen = ({ severity }: { severity?: string | undefined }) => {
    if (severity === 'WARNING') warned = true
  }
  client.on('notice', listen)
  try {
    await client.query(flushThisMoment)
  } finally {
    client.off('notice', listen)
  }
  return !warned
}
