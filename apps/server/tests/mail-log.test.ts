/** What mail promises of the log: replay equals refetch, cost, races, and what a script that comes back is told. */
import type { EventData, MailHeader, MailId } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  createTestDatabase,
  newKey,
  type Person,
  pastTheServer,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DatabaseProxy } from './database-proxy.ts'
import { EventReader } from './event-reader.ts'
import { fillGroup } from './mail-crowd.ts'
import { inbox, to, untilSent, update, write } from './mail-people.ts'
import { type QuietNode, startQuietNode } from './quiet-node.ts'

const owned = new AsyncDisposableStack()
let proxy: DatabaseProxy
let server: TestServer
beforeAll(async () => {
  const database = owned.use(await createTestDatabase())
  proxy = owned.use(await DatabaseProxy.listen(database))
  server = owned.use(await startServer({ database, env: { DATABASE_URL: proxy.url } }))
})
afterAll(() => owned.disposeAsync())

/** A mailbox as a client keeps it: of each mail the entry with the highest version, and the newest count. */
class Mailbox {
  readonly mails = new Map<MailId, MailHeader>()
  unread = { count: 0, version: 0 }

  learn({ mailId, mail, unread }: EventData['mail.arrived']): void {
    const known = this.mails.get(mailId)
    if (known === undefined || mail.entry.version >= known.entry.version) this.mails.set(mailId, mail)
    if (unread.version >= this.unread.version) this.unread = unread
  }

  /** Statuses are a register, told by other frames than events. */
  get shown() {
    const mails = [...this.mails.values()].sort((a, b) => a.id - b.id)
    return mails.map(({ statuses: _, ...mail }) => mail)
  }
}

async function replay(person: Person): Promise<Mailbox> {
  const mailbox = new Mailbox()
  const { epoch } = server.running.context.store
  for (let after = 0; ; ) {
    const cursor = { epoch, sequence: 0, micros: 0 }
    const { items } = await person.call('stream.read', { stream: person.id, cursor, after, limit: 5 })
    for (const { kind, data } of items) {
      if (kind === 'mail.composed' || kind === 'mail.arrived' || kind === 'mailbox.changed') mailbox.learn(data)
    }
    const last = items.at(-1)
    if (last === undefined) return mailbox
    after = last.sequence
  }
}

async function fetchMailbox(person: Person): Promise<Mailbox> {
  const mailbox = new Mailbox()
  for (const folder of ['inbox', 'archive', 'trash', 'spam', 'sent', 'unsent', 'snoozed'] as const) {
    for (const mail of (await person.call('mailbox.list', { folder })).items) mailbox.mails.set(mail.id, mail)
  }
  mailbox.unread = await person.call('mailbox.unread', {})
  return mailbox
}

test('L5, L12: replay equals refetch in one’s own stream after every operation on mail', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const check = async () => {
    for (const person of [ana, bo]) {
      const [replayed, fresh] = [await replay(person), await fetchMailbox(person)]
      expect(replayed.shown).toEqual(fresh.shown)
      expect(replayed.unread.count).toBe(fresh.unread.count)
    }
  }
  const first = await write(ana, { to: to(bo), bcc: to(ana) })
  await untilSent(ana, first.id)
  await check()
  const reply = await write(bo, { to: to(ana), inReplyTo: first.id })
  await untilSent(bo, reply.id)
  await check()
  const held = await write(bo, { to: to(ana), undoSeconds: 60 })
  await check()
  await bo.call('mail.cancel', { mailId: held.id, key: newKey() })
  await check()
  for (const change of [
    { read: true },
    { starred: true, addLabels: ['a', 'b'] },
    { folder: 'archive', removeLabels: ['a'] },
    { snoozedUntil: '2100-01-01T00:00:00.000Z' },
    { folder: 'trash', read: false },
    { folder: 'inbox', starred: false },
  ]) {
    await update(bo, [first.id, reply.id, held.id], change)
    await update(ana, [first.id, reply.id], change)
    await check()
  }
})

test('L3, L8: of a cancel and a release, a removal and a release, exactly one comes first', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const conversationId = await createGroup(ana, [bo])
  const soon = (ms: number) => new Date(Date.now() + ms).toISOString()
  const toGroup = await write(ana, { to: [{ conversationId }], dueAt: soon(100) })
  const mails: MailHeader[] = []
  for (let round = 0; round < 12; round++) {
    const mail = await write(ana, { to: to(bo), dueAt: soon(round * 2) })
    mails.push(mail)
    // A mail that goes at once wakes the worker, which finds the other one due, or cancelled.
    await Promise.all([write(ana, { to: to(ana) }), ana.call('mail.cancel', { mailId: mail.id, key: newKey() })])
  }
  await ana.call('member.remove', { conversationId, key: newKey(), accountId: bo.id })
  await untilSent(ana, toGroup.id)
  const arrived = new Set(await inbox(bo))
  for (const { id } of mails) {
    const { state, statuses } = await ana.call('mail.get', { mailId: id })
    if (state === 'released') {
      await untilSent(ana, id)
      const now = (await ana.call('mail.get', { mailId: id })).statuses
      expect((now?.sent ?? 0) + (now?.cancelled ?? 0)).toBe(1)
      expect((await inbox(bo)).includes(id)).toBe(now?.sent === 1)
    } else {
      expect([state, statuses, arrived.has(id)]).toEqual(['cancelled', null, false])
    }
  }
  const { items } = await ana.call('delivery.list', { mailId: toGroup.id })
  expect(items.length).toBe((await inbox(bo)).includes(toGroup.id) ? 1 : 0)
})

test('S1: a script that comes back with a mark is told how far its mails got meanwhile', async () => {
  const [ana, bo, cy] = await createPeople(server, 3)
  const { id } = await write(ana, { to: to(bo) })
  const foreign = await write(cy, { to: to(bo) })
  await untilSent(ana, id)
  await untilSent(cy, foreign.id)
  using first = new EventReader(server, ana)
  const mark = await first.untilMarked()
  first[Symbol.dispose]()
  await update(bo, [id, foreign.id], { read: true })
  using back = new EventReader(server, ana, mark)
  await back.until(() => back.frames.some(frame => frame.type === 'caught-up'))
  const told = back.frames.flatMap(frame => (frame.type === 'deliveries' ? [frame] : []))
  const { items, statuses } = await ana.call('delivery.list', { mailId: id })
  expect(told).toEqual([{ type: 'deliveries', mailId: id, statuses, above: 0, items }])
  expect(statuses).toMatchObject({ read: 1 })
})

describe('L7: statements', () => {
  /** The other one delivers. */
  let quiet: QuietNode
  beforeAll(async () => {
    quiet = await startQuietNode(owned, server.database)
  })

  const isDelivering = (statement: string) => /^(mail_|append_events|lock_streams)/.test(statement)

  test('a mail to three thousand takes as many to send as one to three, and a few for each fifty to deliver', async () => {
    const [ana, bo, cy] = await createPeople(quiet.node, 3)
    const small = await createGroup(ana, [bo, cy])
    const large = await createGroup(ana, [bo])
    await pastTheServer(server, client => fillGroup(client, large, 3_000))
    const send = async (conversationId: typeof small) => {
      const delivering = proxy.statements.length
      let id = 0 as MailId
      const sending = await quiet.statements(async () => {
        id = (await write(ana, { to: [{ conversationId }] })).id
      })
      await untilSent(ana, id)
      return { sending: sending.toSorted(), delivering: proxy.statements.slice(delivering).filter(isDelivering).length }
    }
    await send(small)
    const [few, many] = [await send(small), await send(large)]
    expect(many.sending).toEqual(few.sending)
    expect(few.sending.length).toBeLessThan(20)
    const batches = 3_000 / 50 + 1
    // A transaction may be tried again.
    expect(many.delivering).toBeLessThanOrEqual((batches + 2) * few.delivering)
  }, 120_000)

  test('a page of a mailbox and a mail read cost as much for many recipients as for one', async () => {
    const people = await createPeople(quiet.node, 12)
    const [ana, bo] = people
    await write(ana, { to: to(bo) })
    const one = await quiet.statements(() => bo.call('mailbox.list', { folder: 'inbox' }))
    for (const _ of people) await untilSent(ana, (await write(ana, { to: to(...people) })).id)
    const many = await quiet.statements(() => bo.call('mailbox.list', { folder: 'inbox' }))
    expect(many.length).toBeLessThanOrEqual(one.length)
    const [newest] = await inbox(bo)
    expect((await quiet.statements(() => bo.call('mail.get', { mailId: newest as MailId }))).length).toBeLessThan(5)
  })
})
