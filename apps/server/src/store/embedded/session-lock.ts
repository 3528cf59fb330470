/**
 * The mark of a living server inside the database: a session lock on a connection of its own, which PostgreSQL gives up
 * as soon as that process is gone. The folder's lock already keeps a second server out; this one is for the day
 * somebody deletes that file while a server lives, and a second one would take its database for an orphan.
 */
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, DatabaseError } from 'pg'
import type { Logger } from '../../logger.ts'
import { connectDedicated, type DatabaseAddress } from '../pool.ts'

/** In the key space of two int4: 'reca', 'serv'. */
const serverLock = [0x72656361, 0x73657276]
/** How long PostgreSQL may take to notice that the process behind an idle connection was killed. */
const releaseMs = 1_000
const lockNotAvailable = '55P03'
const retryMs = 250

/** Holds the lock until disposed, and takes it again whenever its connection breaks. */
export async function keepSessionLock(address: DatabaseAddress, logger: Logger): Promise<AsyncDisposable> {
  const stopping = new AbortController()
  let client = await takeLock(address, logger)
  const keeping = (async () => {
    while (!stopping.signal.aborted) {
      await once(client, 'end', { signal: stopping.signal }).catch(() => undefined)
      client = (await takeLockAgain(address, logger, stopping.signal)) ?? client
    }
  })()
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await keeping
      await client.end()
    },
  }
}

/** Whether a server lives on this database. One that takes no connections has no server that it could serve. */
export async function isSessionLockHeld(address: DatabaseAddress, logger: Logger): Promise<boolean> {
  let client: Client
  try {
    client = await connectDedicated({ address, applicationName: 'recado start', logger })
  } catch {
    return false
  }
  try {
    await client.query("select set_config('lock_timeout', $1, false)", [`${releaseMs}ms`])
    await client.query('select pg_advisory_lock($1, $2)', serverLock)
    return false
  } catch (error) {
    return error instanceof DatabaseError && error.code === lockNotAvailable
  } finally {
    await client.end()
  }
}

async function takeLock(address: DatabaseAddress, logger: Logger): Promise<Client> {
  const client = await connectDedicated({ address, applicationName: 'recado server lock', logger })
  await client.query('select pg_advisory_lock($1, $2)', serverLock)
  return client
}

async function takeLockAgain(
  address: DatabaseAddress,
  logger: Logger,
  signal: AbortSignal,
): Promise<Client | undefined> {
  while (!signal.aborted) {
    try {
      return await takeLock(address, logger)
    } catch {
      // The supervisor reports a database that is down; here there is only waiting for it.
      await delay(retryMs, undefined, { signal }).catch(() => undefined)
    }
  }
  return undefined
}
