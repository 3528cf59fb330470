/** C5: who switches read receipts off is seen to have got messages, and by nobody but themselves to have read them. */
import type { ConversationId, MemberPosition } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  newKey,
  openDirect,
  type Person,
  postOperation,
  type SocketClient,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const say = (person: Person, conversationId: ConversationId) =>
  person.call('message.send', { conversationId, clientMessageId: newKey(), body: 'hello' })
const hide = (person: Person) => person.call('account.setPrivacy', { readReceipts: false })
const move = (person: Person, conversationId: ConversationId, to: object) =>
  person.call('position.move', { conversationId, ...to })

/** Every position of somebody that a socket was ever told. */
function heard(socket: SocketClient, of: Person): MemberPosition[] {
  return socket.frames('positions').flatMap(({ items }) => items.filter(item => item.accountId === of.id))
}

async function listed(by: Person, of: Person, conversationId: ConversationId, above?: number) {
  const { items } = await by.call('position.list', { conversationId, ...(above !== undefined && { above }) })
  return items.filter(item => item.accountId === of.id)
}

describe.each(['direct', 'group'] as const)('in a %s conversation', kind => {
  async function meet() {
    const [ana, bo, cy] = await createPeople(server, 3)
    const conversationId = kind === 'direct' ? await openDirect(ana, bo) : await createGroup(ana, [bo, cy])
    return { ana, bo, conversationId }
  }

  test('C5: shown, others see what was read, live and in lists', async () => {
    const { ana, bo, conversationId } = await meet()
    await using socket = await ana.connect()
    const { sequence } = await say(ana, conversationId)
    await move(bo, conversationId, { read: sequence })
    await socket.until(() => heard(socket, bo).some(item => item.read === sequence))
    expect(await listed(ana, bo, conversationId)).toEqual([{ accountId: bo.id, delivered: sequence, read: sequence }])
  })

  test('C5: hidden, others see what was delivered and never what was read, nor that something was', async () => {
    const { ana, bo, conversationId } = await meet()
    await hide(bo)
    await using socket = await ana.connect()
    await using own = await bo.connect()
    const first = await say(ana, conversationId)
    await move(bo, conversationId, { delivered: first.sequence })
    await socket.until(() => heard(socket, bo).length === 1)
    const { version } = await ana.call('position.list', { conversationId })
    await move(bo, conversationId, { read: first.sequence })
    await own.until(() => heard(own, bo).some(item => item.read === first.sequence))
    await socket.settle()
    expect(heard(socket, bo)).toEqual([{ accountId: bo.id, delivered: first.sequence, read: 0, readHidden: true }])
    expect(await listed(ana, bo, conversationId, version)).toEqual([])
    const second = await say(ana, conversationId)
    await move(bo, conversationId, { read: second.sequence })
    await socket.until(() => heard(socket, bo).some(item => item.delivered === second.sequence))
    expect(heard(socket, bo).every(item => item.read === 0)).toBe(true)
    expect(await listed(ana, bo, conversationId)).toEqual([
      { accountId: bo.id, delivered: second.sequence, read: 0, readHidden: true },
    ])
  })

  test('C5: hidden, one’s own devices still agree on what is unread', async () => {
    const { ana, bo, conversationId } = await meet()
    await hide(bo)
    await using phone = await bo.connect()
    const { sequence } = await say(ana, conversationId)
    const unread = async () => {
      const { head, me } = await bo.call('conversation.get', { conversationId })
      return head.ordinal - me.readOrdinal
    }
    expect(await unread()).toBe(1)
    await move(bo, conversationId, { read: sequence })
    await phone.until(() => heard(phone, bo).some(item => item.read === sequence))
    expect(await unread()).toBe(0)
    expect(await listed(bo, bo, conversationId)).toEqual([{ accountId: bo.id, delivered: sequence, read: sequence }])
  })

  test('C5: shown again, others see what is read from then on', async () => {
    const { ana, bo, conversationId } = await meet()
    await hide(bo)
    await move(bo, conversationId, { read: (await say(ana, conversationId)).sequence })
    await bo.call('account.setPrivacy', { readReceipts: true })
    await using socket = await ana.connect()
    const { sequence } = await say(ana, conversationId)
    await move(bo, conversationId, { read: sequence })
    await socket.until(() => heard(socket, bo).some(item => item.read === sequence))
  })
})

test('C5: an event stream for scripts hides the same', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const direct = await openDirect(ana, bo)
  await hide(bo)
  const abort = new AbortController()
  const headers = { authorization: `Bearer ${ana.token}` }
  const response = await fetch(`${server.url}/v1/events`, { headers, signal: abort.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) throw new Error('an event stream has a body')
  let text = ''
  const until = async (found: () => boolean) => {
    while (!found()) text += (await reader.read()).value ?? ''
  }
  await until(() => text.includes('caught-up'))
  await move(bo, direct, { read: (await say(ana, direct)).sequence })
  const last = await say(ana, direct)
  await move(bo, direct, { delivered: last.sequence })
  await until(() => text.includes(`"accountId":${bo.id},"delivered":${last.sequence}`))
  const reads = [...text.matchAll(new RegExp(`"accountId":${bo.id},"delivered":\\d+,"read":(\\d+)`, 'g'))]
  expect(reads.length).toBeGreaterThan(0)
  expect(reads.map(match => match[1])).toEqual(reads.map(() => '0'))
  abort.abort()
})

test('C5: hidden, a large group’s watcher sees what was delivered and never what was read', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const group = await createGroup(ana, [bo])
  await using watching = await ana.connect()
  await watching.call('position.watch', { conversationIds: [group] })
  await hide(bo)
  const { sequence } = await say(ana, group)
  await move(bo, group, { read: sequence })
  await watching.until(() => heard(watching, bo).length > 0)
  expect(heard(watching, bo)).toEqual([{ accountId: bo.id, delivered: sequence, read: 0, readHidden: true }])
})

test('C5: the setting is the account’s own, reaches its other devices as an event, and changes by nobody else', async () => {
  const [ana, bo] = await createPeople(server, 2)
  await using phone = await ana.connect()
  expect(await ana.call('account.get', {})).toMatchObject({ readReceipts: true })
  expect(await hide(ana)).toMatchObject({ id: ana.id, readReceipts: false })
  await phone.until(() => phone.events(ana.id).some(event => event.kind === 'account.updated'))
  const events = phone.events(ana.id).length
  await hide(ana)
  await phone.settle()
  expect(phone.events(ana.id)).toHaveLength(events)
  expect(await bo.call('account.get', {})).toMatchObject({ readReceipts: true })
  const [seen] = (await bo.call('people.get', { accountIds: [ana.id] })).items
  expect(seen).not.toHaveProperty('readReceipts')
  const without = await postOperation(server.url, 'account.setPrivacy', { readReceipts: true })
  expect([without.status, without.body.code]).toEqual([401, 'unauthenticated'])
  expect(await ana.call('account.get', {})).toMatchObject({ readReceipts: false })
})
