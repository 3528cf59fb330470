import type { AccountId, MailId, PushFrame } from '@recado/protocol'
import { limits } from '@recado/protocol'
import { expect, test } from 'vitest'
import { inbox, mailOf, mailTo, openList, person, subjects } from '../testing/mail-world.ts'
import { type Device, World } from '../testing/world.ts'
import type { MailClient, MailThreadHandle } from './mail-api.ts'

const [ana, ben] = [1 as AccountId, 2 as AccountId]

async function begin(world: World, device: Device): Promise<MailClient> {
  return mailOf(world, await world.signIn(device))
}

function opened(mail: MailClient, threadId: MailId): MailThreadHandle {
  const thread = mail.thread(threadId)
  thread.subscribe(() => undefined)
  return thread
}

test('M2: a mail shows in the lists of both as it comes, with its thread and body', async () => {
  const world = new World()
  const [from, to] = [await begin(world, world.device(1)), await begin(world, world.device(2))]
  const [list, sent] = [await openList(world, to), await openList(world, from, { folder: 'sent' })]
  await world.wait(from.send(mailTo([2], 'lunch')))
  await world.clock.until(() => subjects(list).length === 1 && subjects(sent).length === 1)
  expect(to.getSnapshot().unread).toBe(1)
  const thread = opened(to, list.getSnapshot().items[0]?.threadId as MailId)
  await world.clock.until(() => !thread.getSnapshot().loading)
  expect(thread.getSnapshot().mails.map(mail => mail.text)).toEqual(['About lunch.'])
  const reply = { inReplyTo: list.getSnapshot().items[0]?.id as MailId }
  await world.wait(from.send(mailTo([2], 'lunch, again', reply)))
  await world.clock.until(() => thread.getSnapshot().mails.length === 2)
  expect(thread.getSnapshot().mails.map(mail => mail.text)).toEqual(['About lunch.', 'About lunch, again.'])
})

test('M6: the author sees how far a mail got with each recipient, live', async () => {
  const world = new World()
  const [from, to] = [await begin(world, world.device(1)), await begin(world, world.device(2))]
  world.server.log.account(3)
  const sent = await openList(world, from, { folder: 'sent' })
  await world.wait(from.send(mailTo([2, 3], 'lunch')))
  await world.clock.until(() => sent.getSnapshot().items[0]?.statuses?.delivered === 1)
  const id = sent.getSnapshot().items[0]?.id as MailId
  const deliveries = from.deliveries(id)
  deliveries.subscribe(() => undefined)
  await world.clock.until(() => deliveries.getSnapshot().items.length === 2)
  expect(deliveries.getSnapshot().items.map(row => row.status)).toEqual(['delivered', 'sent'])
  await world.wait(to.update([id], { read: true }))
  await world.clock.until(() => deliveries.getSnapshot().items[0]?.status === 'read')
  expect(sent.getSnapshot().items[0]?.statuses).toMatchObject({ read: 1, sent: 1, delivered: 0 })
})

test('L11: the row whose frame was left out is read, though the next frame brings another', async () => {
  const world = new World()
  const { log, mail } = world.server
  const from = await begin(world, world.device(1))
  const [two, three] = [log.account(2).id, log.account(3).id]
  const { id } = mail.send(sentBy('lunch', [two, three]), ana)
  const deliveries = from.deliveries(id)
  deliveries.subscribe(() => undefined)
  await world.clock.until(() => deliveries.getSnapshot().items.length === 2)
  world.server.onPush = () => []
  mail.confirm(log.head(two).sequence, two)
  world.server.onPush = frame => [frame]
  mail.confirm(log.head(three).sequence, three)
  const states = () => deliveries.getSnapshot().items.map(row => row.status)
  await world.clock.until(() => states()[1] === 'delivered')
  await world.clock.until(() => states()[0] === 'delivered')
})

test('L11: what moves on the first page of statuses while the second is read is not taken for known', async () => {
  const world = new World()
  const { mail, log, requests } = world.server
  const from = await begin(world, world.device(1))
  const people = Array.from({ length: limits.pageSize + 1 }, (_, index) => log.account(index + 2).id)
  const { id } = mail.send(sentBy('lunch', people), ana)
  const deliveries = from.deliveries(id)
  deliveries.subscribe(() => undefined)
  const shown = (status: string) => deliveries.getSnapshot().items.filter(row => row.status === status).length
  await world.clock.until(() => shown('sent') === limits.pageSize)
  await world.wait(deliveries.loadMore())
  const tellTogether = holdPushes(world)
  for (const one of people) mail.confirm(log.head(one).sequence, one)
  const before = requests.length
  tellTogether()
  await world.clock.until(() => requests.length === before + 1)
  const tellLater = holdPushes(world)
  mail.update({ mailIds: [id], read: true, key: 'read' }, ben)
  await world.clock.until(() => shown('delivered') === people.length)
  expect(requests).toHaveLength(before + 2)
  tellLater()
  await world.clock.until(() => shown('read') === 1)
})

/** As the server does that tells twice a second: the newest frame, when the returned function is called. */
function holdPushes({ server }: World): () => void {
  let newest: PushFrame | undefined
  server.onPush = frame => {
    newest = frame
    return []
  }
  return () => {
    server.onPush = frame => [frame]
    if (newest) server.push(ana, newest)
  }
}

test('M4: what is done to mails shows at once, survives a restart and can be undone', async () => {
  const world = new World()
  const device = world.device(2)
  const client = await world.signIn(device)
  const mail = await mailOf(world, client)
  for (const subject of ['one', 'two', 'three']) world.server.mail.send(sentBy(subject), ana)
  const list = await openList(world, mail)
  await world.clock.until(() => subjects(list).length === 3 && mail.getSnapshot().unread === 3)
  world.server.network = 'down'
  await world.cut()
  const [three, two] = list.getSnapshot().items.map(item => item.id)
  const undo = await mail.update([three as MailId], { folder: 'archive', read: true })
  await mail.update([two as MailId], { starred: true, addLabels: ['work'] })
  expect([subjects(list), mail.getSnapshot().unread, mail.getSnapshot().labels]).toEqual([['two', 'one'], 2, ['work']])
  world.kill(client)
  const again = await mailOf(world, await world.resume(device))
  const kept = again.list(inbox)
  kept.subscribe(() => undefined)
  expect([subjects(kept), again.getSnapshot().unread]).toEqual([['two', 'one'], 2])
  await again.undo(undo)
  expect(subjects(kept)).toEqual(['three', 'two', 'one'])
  world.server.network = 'up'
  await world.clock.until(() => world.server.mail.entry(ben, two as MailId).starred)
  await world.clock.advance(1_000)
  expect(world.server.mail.entry(ben, three as MailId)).toMatchObject({ folder: 'inbox', read: false })
  expect(subjects(kept)).toEqual(['three', 'two', 'one'])
})

test('M4: many mails marked without a network are one request; each change is told once (L3)', async () => {
  const world = new World()
  const client = await world.signIn(world.device(2))
  const mail = await mailOf(world, client)
  for (let at = 0; at < 20; at++) world.server.mail.send(sentBy(`mail ${at}`), ana)
  const list = await openList(world, mail)
  await world.clock.until(() => subjects(list).length === 20)
  world.server.network = 'down'
  await world.cut()
  for (const { id } of list.getSnapshot().items) await mail.update([id], { read: true })
  expect(mail.getSnapshot().unread).toBe(0)
  let faults = 2
  world.server.fault = () => (faults-- > 0 ? 'after' : null)
  world.server.network = 'up'
  await world.clock.until(() => world.server.mail.unread(ben).count === 0)
  await world.caughtUp(client)
  await world.clock.advance(5_000)
  const told = world.server.requests.filter(request => request.op === 'mailbox.update')
  expect(new Set(told.map(request => request.data['key'])).size).toBe(1)
  expect(world.server.log.head(ben).sequence).toBe(41)
})

test('M4: what the server refuses shows what it was', async () => {
  const world = new World()
  const mail = await begin(world, world.device(2))
  const { id } = world.server.mail.send(sentBy('one'), ana)
  const list = await openList(world, mail)
  await world.clock.until(() => subjects(list).length === 1)
  world.server.refuseNext('mailbox.update', 'limit-reached')
  const update = mail.update([id], { folder: 'archive' })
  update.catch(() => undefined)
  expect(subjects(list)).toEqual([])
  await expect(world.wait(update)).rejects.toMatchObject({ problem: { code: 'limit-reached' } })
  expect(subjects(list)).toEqual(['one'])
})

test('M3, S2: mails written without a network go out in order, once, after the program died', async () => {
  const world = new World()
  const device = world.device(1)
  const client = await world.signIn(device)
  const mail = await mailOf(world, client)
  world.server.log.account(2)
  world.server.network = 'down'
  await world.cut()
  for (const subject of ['one', 'two', 'three']) await mail.send(mailTo([2], subject))
  world.kill(client)
  const again = await mailOf(world, await world.resume(device))
  expect(again.getSnapshot().outbox.map(entry => entry.input.subject)).toEqual(['one', 'two', 'three'])
  let faults = 3
  world.server.fault = () => (faults > 0 && faults-- % 2 === 1 ? 'after' : null)
  world.server.network = 'up'
  await world.clock.until(() => again.getSnapshot().outbox.length === 0)
  expect([...world.server.mail.mails.values()].map(one => one.subject)).toEqual(['one', 'two', 'three'])
})

test('M3: of two tabs one sends, and what one writes the other shows', async () => {
  const world = new World()
  const device = world.device(1)
  const first = await mailOf(world, await world.signIn(device))
  const client = await world.resume(device)
  const second = await mailOf(world, client)
  await world.caughtUp(client)
  world.server.log.account(2)
  const list = await openList(world, first, { folder: 'sent' })
  await second.send(mailTo([2], 'from the second'))
  await world.clock.until(() => subjects(list).length === 1)
  await world.clock.until(() => second.getSnapshot().outbox.length === 0)
  expect(world.server.requests.filter(request => request.op === 'mail.send')).toHaveLength(1)
})

test('M3: a mail that is refused keeps its text, and goes out once somebody tries again', async () => {
  const world = new World()
  const mail = await begin(world, world.device(1))
  const entryId = await world.wait(mail.send(mailTo([9], 'to nobody')))
  await world.clock.until(() => mail.getSnapshot().outbox[0]?.state === 'refused')
  const [entry] = mail.getSnapshot().outbox
  expect(entry).toMatchObject({ problem: { code: 'unknown-recipient' }, input: mailTo([9], 'to nobody') })
  world.server.log.account(9)
  await mail.retry(entryId)
  await world.clock.until(() => world.server.mail.mails.size === 1)
  const refused = await world.wait(mail.send(mailTo([10], 'to nobody else')))
  await world.clock.until(() => mail.getSnapshot().outbox[0]?.state === 'refused')
  expect(await world.wait(mail.takeBack({ entryId: refused }))).toBe(true)
  expect(mail.getSnapshot().outbox).toEqual([])
})

test('M3: taking back works before a mail is sent, while it is held, and not afterwards', async () => {
  const world = new World()
  const mail = await begin(world, world.device(1))
  world.server.log.account(2)
  const held = await world.wait(mail.send(mailTo([2], 'held', { undoSeconds: 10 })))
  expect(await world.wait(mail.takeBack({ entryId: held }))).toBe(true)
  const released = await world.wait(mail.send(mailTo([2], 'released')))
  await world.clock.until(() => mail.getSnapshot().outbox.length === 0)
  expect(await world.wait(mail.takeBack({ entryId: released }))).toBe(false)
  world.server.network = 'down'
  await world.cut()
  const waiting = await world.wait(mail.send(mailTo([2], 'waiting')))
  expect(await world.wait(mail.takeBack({ entryId: waiting }))).toBe(true)
  world.server.network = 'up'
  await world.clock.advance(30_000)
  const states = [...world.server.mail.mails.values()].map(one => [one.subject, one.state])
  expect(states).toEqual([
    ['held', 'cancelled'],
    ['released', 'released'],
  ])
})

test('M2: bodies of what arrives in the inbox can be read without a network', async () => {
  const world = new World()
  const device = world.device(2)
  const client = await world.signIn(device)
  await world.clock.advance(100)
  const { threadId } = world.server.mail.send(sentBy('one'), ana)
  await world.clock.until(() => world.server.requests.some(request => request.op === 'mail.get'))
  await world.clock.advance(1_000)
  world.kill(client)
  world.server.network = 'down'
  world.server.cut()
  const mail = await mailOf(world, await world.resume(device))
  const thread = opened(mail, threadId)
  await world.clock.until(() => !thread.getSnapshot().loading)
  expect(thread.getSnapshot().mails.map(one => one.text)).toEqual(['About one.'])
})

test('M2: a list stays as long as it was scrolled, over connections and restarts', async () => {
  const world = new World()
  const device = world.device(2)
  const client = await world.signIn(device)
  const mail = await mailOf(world, client)
  for (let at = 0; at < 250; at++) world.server.mail.send(sentBy(`mail ${at}`), ana)
  await world.cut()
  await world.caughtUp(client)
  const lists = () => world.server.requests.filter(request => request.data['only'] === 'unread').length
  const list = await openList(world, mail, { folder: 'inbox', only: 'unread' })
  await world.clock.until(() => subjects(list).length === 100)
  await world.wait(list.loadOlder())
  await world.clock.until(() => subjects(list).length === 200)
  await world.cut()
  await world.caughtUp(client)
  const asked = lists()
  expect([subjects(list).length, list.getSnapshot().hasOlder]).toEqual([200, true])
  world.server.mail.send(sentBy('newest'), ana)
  await world.clock.until(() => subjects(list)[0] === 'newest')
  await world.clock.advance(5_000)
  expect(lists() - asked).toBeLessThanOrEqual(2)
  world.kill(client)
  world.server.network = 'down'
  world.server.cut()
  const again = await mailOf(world, await world.resume(device))
  const kept = again.list({ folder: 'inbox', only: 'unread' })
  kept.subscribe(() => undefined)
  expect([subjects(kept)[0], subjects(kept).length]).toEqual(['newest', 100])
  await world.wait(kept.loadOlder())
  expect(subjects(kept).slice(0, 3)).toEqual(['newest', 'mail 249', 'mail 248'])
  expect(subjects(kept).length).toBe(200)
})

test('L6: more events than are replayed, and another history, begin the lists anew', async () => {
  const world = new World()
  const device = world.device(2)
  const client = await world.signIn(device)
  const mail = await mailOf(world, client)
  const { id } = world.server.mail.send(sentBy('archived elsewhere'), ana)
  const list = await openList(world, mail)
  await world.clock.until(() => subjects(list).length === 1)
  world.server.network = 'down'
  await world.cut()
  world.server.mail.update({ mailIds: [id], key: 'k', folder: 'archive' }, ben)
  for (let at = 0; at <= limits.replayEvents; at++)
    world.server.log.append(ben, 'account.updated', { version: at }, ben)
  world.server.mail.send(sentBy('new'), ana)
  world.server.network = 'up'
  await world.clock.until(() => subjects(list)[0] === 'new')
  expect(subjects(list)).toEqual(['new'])
  world.server.log.epoch = 'epoch-2'
  world.server.mail.update({ mailIds: [id], key: 'l', folder: 'inbox', read: true }, ben)
  await world.cut()
  await world.clock.until(() => subjects(list).length === 2)
  await world.caughtUp(client)
  await world.clock.advance(2_000)
  expect([subjects(list), mail.getSnapshot().unread]).toEqual([['new', 'archived elsewhere'], 1])
})

/** A mail to Ben that somebody else sends. */
function sentBy(subject: string, people: readonly number[] = [ben]) {
  return { clientMessageId: subject, to: people.map(person), subject, text: `About ${subject}.` }
}
