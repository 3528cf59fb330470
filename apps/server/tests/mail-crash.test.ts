/**
 * L2, M6: `kill -9` at every step of a large send, with a real process. Each statement that the send and its delivery
 * consist of is once the last one that the server asked for: sometimes it reached the database, sometimes it did not.
 */
import type { MailId } from '@recado/protocol'
import { createGroup, createPerson, createTestDatabase, newKey, pastTheServer, postOperation } from '@recado/testkit'
import { expect, test } from 'vitest'
import { DatabaseProxy } from './database-proxy.ts'
import { fillGroup } from './mail-crowd.ts'
import { type OwnProcess, startProcess } from './own-process.ts'

const recipients = 4_000

/** The names of the statements of the send, then those of each batch, in their order. */
const steps = [
  'mail_insert',
  'mail_insert_conversation',
  'mail_append_message',
  'mail_queue_deliveries',
  'append_events',
  'mail_put_entries',
  'finish_transaction',
  'commit',
  'update tail_leases',
  'mail_find_queued',
  'lock_streams',
  'mail_lock_registers',
  'mail_still_queued',
  'append_events',
  'mail_insert_arrivals',
  'mail_move_deliveries',
  'finish_transaction',
  'commit',
]

/** Kills the process as soon as it asks for this; `reached`: the database still gets it. */
async function killAt(proxy: DatabaseProxy, server: OwnProcess, step: string, reached: boolean): Promise<void> {
  await new Promise<void>(resolve => {
    proxy.onStatement = statement => {
      if (!statement.startsWith(step) && !statement.includes(`${step} l set`)) return
      proxy.onStatement = () => undefined
      const killed = server.kill()
      if (!reached) proxy.fail()
      void killed.then(() => {
        proxy.heal()
        resolve()
      })
    }
  })
}

test('L2: a large mail reaches each recipient once, whatever dies at whatever step', { timeout: 600_000 }, async () => {
  await using database = await createTestDatabase()
  await using proxy = await DatabaseProxy.listen(database)
  let server = await startProcess(proxy.url)
  const ana = await createPerson(server)
  const group = await createGroup(ana, [])
  await pastTheServer({ database }, client => fillGroup(client, group, recipients))
  const letter = { clientMessageId: newKey(), to: [{ conversationId: group }], subject: 'All', text: 'Hello' }
  const send = () => postOperation(server.url, 'mail.send', letter, ana.token).catch(() => null)
  let killed = 0
  for (const [index, step] of steps.entries()) {
    const dying = killAt(proxy, server, step, index % 2 === 0)
    // As a client does: the same again, until it is answered.
    void send()
    await dying
    killed += 1
    server = await startProcess(proxy.url)
  }
  const answer = await send()
  expect(answer?.status).toBe(200)
  const mailId = answer?.body.id as MailId
  await expect
    .poll(
      async () => {
        const mail = await postOperation(server.url, 'mail.get', { mailId }, ana.token)
        return mail.body.statuses
      },
      { timeout: 120_000, interval: 100 },
    )
    .toMatchObject({ queued: 0, sent: recipients, delivered: 0, cancelled: 0 })
  expect(killed).toBe(steps.length)
  const found = await pastTheServer({ database }, async client => {
    const one = async (text: string) => (await client.query<{ value: unknown }>(text)).rows[0]?.value
    return {
      mails: await one('select count(*)::integer as value from mails'),
      messages: await one('select count(*)::integer as value from messages where mail_id is not null'),
      conversations: await one('select count(*)::integer as value from mail_conversations'),
      deliveries: await one(`select count(*)::integer as value from deliveries where status = 'sent'`),
      accounts: await one('select count(distinct account_id)::integer as value from deliveries'),
      entries: await one('select count(*)::integer as value from mailbox_entries where received'),
      arrivals: await one(`select count(*)::integer as value from events where kind = 'mail.arrived'`),
      // Each told once, by the event that its delivery and its entry name, and every stream stands at its last event.
      agreed: await one(
        `select count(*)::integer as value from deliveries d
           join events e on e.stream_id = d.account_id and e.sequence = d.arrived_sequence and e.target = d.mail_id
           join mailbox_entries m on m.account_id = d.account_id and m.mail_id = d.mail_id and m.version = e.sequence
           join heads h on h.stream_id = d.account_id and h.sequence = 1`,
      ),
    }
  })
  const all = recipients
  expect(found).toEqual({
    mails: 1,
    messages: 1,
    conversations: 1,
    deliveries: all,
    accounts: all,
    entries: all,
    arrivals: all,
    agreed: all,
  })
  expect(await server.stop()).toBe(0)
})
