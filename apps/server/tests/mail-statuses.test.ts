/** M6, M8: holding, cancelling, and how far each recipient's mail got, live to its author and to nobody else. */
import type { Delivery, MailId, OperationOutput } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  newKey,
  type Person,
  pastTheServer,
  type SocketClient,
  startCluster,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillGroup } from './mail-crowd.ts'
import { inbox, mailEvents, to, untilSent, update, write } from './mail-people.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const getMail = (person: Person, mailId: MailId) => person.call('mail.get', { mailId })
const cancel = (person: Person, mailId: MailId, key = newKey()) => person.call('mail.cancel', { mailId, key })
const soon = (ms: number) => new Date(Date.now() + ms).toISOString()
const anHour = 3_600_000
/** The time of a held mail has come, however long this machine took until here. */
const come = (mailId: MailId) =>
  pastTheServer(server, client => client.query('update mails set due_micros = now_micros() where id = $1', [mailId]))

/** The newest row of each delivery that frames brought. */
function rowsOf(socket: SocketClient, mailId: MailId): Map<number, Delivery> {
  const rows = new Map<number, Delivery>()
  for (const frame of socket.frames('deliveries').filter(told => told.mailId === mailId)) {
    for (const row of frame.items) if (row.version > (rows.get(row.number)?.version ?? 0)) rows.set(row.number, row)
  }
  return rows
}

type Page = OperationOutput<'delivery.list'>

describe('holding', () => {
  test('M8: a held mail is seen by nobody, is taken back whole, and a repeated cancel is harmless', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const held = await write(ana, { to: to(bo), undoSeconds: 60 })
    expect(held).toMatchObject({ state: 'held', sentAt: null, statuses: null, entry: { folder: 'unsent' } })
    await expect(bo.call('mail.get', { mailId: held.id })).rejects.toMatchObject({ code: 'not-found' })
    await expect(ana.call('delivery.list', { mailId: held.id })).rejects.toMatchObject({ code: 'not-found' })
    await using phone = await ana.connect()
    const key = newKey()
    const { sequence } = await cancel(ana, held.id, key)
    expect(await cancel(ana, held.id, key)).toEqual({ sequence })
    expect(await cancel(ana, held.id)).toEqual({ sequence: null })
    await phone.until(() => mailEvents(phone, ana).length === 1)
    expect(mailEvents(phone, ana)[0]?.data.mail).toMatchObject({ state: 'cancelled', entry: { folder: 'unsent' } })
    expect(await getMail(ana, held.id)).toMatchObject({ state: 'cancelled', text: 'The crane is back.' })
    expect(await inbox(bo)).toEqual([])
    const both = { to: to(bo), undoSeconds: 1, dueAt: soon(1_000) }
    await expect(write(ana, both)).rejects.toMatchObject({ code: 'invalid-input' })
  })

  test('M8: a held mail is released when its time has come; a time that has passed holds nothing', async () => {
    const [ana, bo] = await createPeople(server, 2)
    await using phone = await ana.connect()
    const held = await write(ana, { to: to(bo), dueAt: soon(4_000) })
    expect(held.state).toBe('held')
    await phone.until(() => mailEvents(phone, ana).some(event => event.kind === 'mailbox.changed'))
    const { dueAt, sentAt, state } = await getMail(ana, held.id)
    expect(state).toBe('released')
    expect(Date.parse(sentAt as string)).toBeGreaterThanOrEqual(Date.parse(dueAt))
    await untilSent(ana, held.id)
    expect(await inbox(bo)).toEqual([held.id])
    expect((await write(ana, { to: to(bo), dueAt: '2001-01-01T00:00:00.000Z' })).state).toBe('released')
  })

  test('M5: a group is resolved when the mail is sent: who left by then does not get it, who came does', async () => {
    const [ana, bo, cy, dan] = await createPeople(server, 4)
    const conversationId = await createGroup(ana, [bo, cy])
    const held = await write(ana, { to: [{ conversationId }], dueAt: soon(anHour) })
    await ana.call('member.remove', { conversationId, key: newKey(), accountId: bo.id })
    await cy.call('conversation.leave', { conversationId, key: newKey() })
    await ana.call('member.add', { conversationId, key: newKey(), accountIds: [dan.id] })
    expect((await getMail(ana, held.id)).state).toBe('held')
    await come(held.id)
    await untilSent(ana, held.id)
    expect([await inbox(bo), await inbox(cy), await inbox(dan)]).toEqual([[], [], [held.id]])
  })

  test('M5: a mail whose author may no longer mail a group comes back as failed, and reaches nobody', async () => {
    const [owner, ana, bo] = await createPeople(server, 3)
    const conversationId = await createGroup(owner, [ana])
    await using phone = await ana.connect()
    const held = await write(ana, { to: to(bo), cc: [{ conversationId }], dueAt: soon(anHour) })
    await owner.call('member.remove', { conversationId, key: newKey(), accountId: ana.id })
    await come(held.id)
    await phone.until(() => mailEvents(phone, ana).some(event => event.data.mail.state === 'failed'))
    expect(await getMail(ana, held.id)).toMatchObject({
      state: 'failed',
      failure: [{ path: '/cc/0', message: expect.stringContaining('no such group') }],
      entry: { folder: 'unsent' },
    })
    expect([await inbox(bo), await inbox(owner)]).toEqual([[], []])
    expect(await cancel(ana, held.id)).toEqual({ sequence: null })
  })
})

describe('statuses', () => {
  test('M6: queued, sent, delivered when a device has it, read when it was read; live, and never back', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    await using phone = await ana.connect()
    await using device = await bo.connect()
    const { id } = await write(ana, { to: to(bo, cy) })
    const status = () => [1, 2].map(number => rowsOf(phone, id).get(number)?.status)
    await phone.until(() => status().every(one => one === 'sent'))
    await device.until(() => mailEvents(device, bo).length === 1)
    const { sequence = 0 } = mailEvents(device, bo)[0] ?? {}
    await bo.call('delivery.confirm', { sequence: sequence - 1 })
    expect((await getMail(ana, id)).statuses).toMatchObject({ sent: 2, delivered: 0 })
    await Promise.all([1, 2, 3].map(() => device.call('delivery.confirm', { sequence })))
    await phone.until(() => status()[0] === 'delivered')
    await update(cy, [id], { read: true })
    await phone.until(() => status()[1] === 'read')
    await update(cy, [id], { read: false })
    await cy.call('delivery.confirm', { sequence: (await cy.call('mailbox.unread', {})).version })
    const { items, statuses } = await ana.call('delivery.list', { mailId: id })
    expect(items.map(row => row.status)).toEqual(['delivered', 'read'])
    expect(statuses).toMatchObject({ queued: 0, sent: 0, delivered: 1, read: 1 })
    expect([...rowsOf(phone, id).values()]).toEqual(expect.arrayContaining(items))
    expect((await ana.call('delivery.list', { mailId: id, above: statuses.version })).items).toEqual([])
    await device.settle()
    expect(device.frames('deliveries')).toEqual([])
  })

  test('M6: of who switched read receipts off an author learns delivered and no more, also afterwards', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    await bo.call('account.setPrivacy', { readReceipts: false })
    const { id } = await write(ana, { to: to(bo, cy) })
    await untilSent(ana, id)
    await update(bo, [id], { read: true })
    await update(cy, [id], { read: true })
    const rows = async () => (await ana.call('delivery.list', { mailId: id })).items
    expect(await rows()).toMatchObject([
      { status: 'delivered', readAt: null },
      { status: 'read', readAt: expect.any(String) },
    ])
    await bo.call('account.setPrivacy', { readReceipts: true })
    expect((await rows())[0]?.status).toBe('delivered')
    expect((await bo.call('mail.get', { mailId: id })).entry.read).toBe(true)
  })

  test('L11: above a hundred recipients frames bring counts, at most two a second, and rows are read above a version', async () => {
    const [ana, ...others] = await createPeople(server, 7)
    const group = await createGroup(ana, others)
    await pastTheServer(server, client => fillGroup(client, group, 101))
    await using phone = await ana.connect()
    const startedAt = performance.now()
    const { id } = await write(ana, { to: [{ conversationId: group }] })
    const { statuses: sent } = await untilSent(ana, id)
    for (const reader of others) await update(reader, [id], { read: true })
    const frames = () => phone.frames('deliveries').filter(frame => frame.mailId === id)
    await phone.until(() => frames().at(-1)?.statuses.read === others.length)
    const seconds = (performance.now() - startedAt) / 1_000
    expect(frames().length).toBeLessThanOrEqual(2 * seconds + 2)
    expect(frames().flatMap(frame => frame.items)).toEqual([])
    const page = await ana.call('delivery.list', { mailId: id, above: sent?.version ?? 0 })
    expect(page.items.map(row => row.status)).toEqual(others.map(() => 'read'))
    const all: Delivery[] = []
    for (let next: string | undefined = ''; next !== undefined; ) {
      const read: Page = await ana.call('delivery.list', { mailId: id, limit: 40, ...(next === '' ? {} : { next }) })
      all.push(...read.items)
      next = read.next ?? undefined
    }
    expect(new Set(all.map(row => row.accountId)).size).toBe(101 + others.length)
    expect(all.filter(row => row.status === 'read')).toHaveLength(others.length)
  }, 60_000)

  test.each(['shared', 'lost'] as const)(
    'L4: an author at another node hears of them, hints %s',
    async hints => {
      await using cluster = await startCluster(2, hints)
      const [one, two] = cluster.nodes as [TestServer, TestServer]
      const [ana, bo] = await createPeople(one, 2)
      await using phone = await ana.connect(two)
      await using device = await bo.connect(two)
      const { id } = await write(ana, { to: to(bo) })
      await device.until(() => mailEvents(device, bo).length === 1)
      await phone.until(() => rowsOf(phone, id).get(1)?.status === 'sent')
      await update(bo, [id], { read: true })
      await phone.until(() => rowsOf(phone, id).get(1)?.status === 'read')
    },
    60_000,
  )
})
