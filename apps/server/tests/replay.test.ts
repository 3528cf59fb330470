/**
 * Replay equals refetch: for every operation that appends, an old snapshot plus the events since equals a fresh
 * snapshot, for each who may look, whether the events came live or were read later. The reducer here is written from
 * the contract alone and shares nothing with the SDK. L5, L8, L12.
 */
import {
  type AccountId,
  type ConversationId,
  type Cursor,
  type EventData,
  type Message,
  type OperationInput,
  type OperationName,
  type OwnSettings,
  operationNames,
  operations,
  type Pin,
  type StreamEvent,
  type StreamId,
} from '@recado/protocol'
import { createPeople, newKey, type Person, type SocketClient, startServer, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** What somebody knows of a conversation. Reactions have no order here: the contract sends one person's set. */
interface Known {
  name: string | null
  description: string | null
  mailFrom: string
  version: number
  memberCount: number
  cursor: Cursor
  ordinal: number
  readonly roles: Map<AccountId, string>
  readonly pins: Map<number, Pin>
  readonly messages: Map<number, Omit<Message, 'reactions'> & { readonly emojis: Map<AccountId, readonly string[]> }>
}

function learn(known: Known, event: StreamEvent): void {
  expect(event.sequence).toBe(known.cursor.sequence + 1)
  known.cursor = { ...known.cursor, sequence: event.sequence, micros: event.micros }
  switch (event.kind) {
    case 'conversation.created':
    case 'conversation.updated':
      if (event.data.version < known.version) return
      known.name = event.data.name
      known.description = event.data.description
      known.mailFrom = event.data.mailFrom
      known.version = event.data.version
      return
    case 'member.added':
    case 'member.removed':
    case 'member.left':
    case 'member.roleChanged':
      known.memberCount = event.data.memberCount
      if (event.data.role === null) known.roles.delete(event.data.accountId)
      else known.roles.set(event.data.accountId, event.data.role)
      return
    case 'message.created':
    case 'message.edited':
    case 'message.deleted': {
      const { reactions: _, ...message } = event.data.message
      const before = known.messages.get(message.sequence)
      if (before !== undefined && before.version > message.version) return
      const emojis = message.deletedAt === null ? (before?.emojis ?? new Map()) : new Map()
      known.messages.set(message.sequence, { ...message, emojis })
      if (message.deletedAt !== null) known.pins.delete(message.sequence)
      known.ordinal = Math.max(known.ordinal, message.ordinal)
      return
    }
    case 'message.pinned':
    case 'message.unpinned': {
      const { message, pin } = event.data
      if (pin === null) known.pins.delete(message.sequence)
      else known.pins.set(message.sequence, pin)
      return
    }
    case 'reaction.changed': {
      const emojis = known.messages.get(event.data.sequence)?.emojis
      if (event.data.emojis.length === 0) emojis?.delete(event.data.accountId)
      else emojis?.set(event.data.accountId, event.data.emojis)
      return
    }
    case 'void':
      return
    default:
      throw new Error(`${event.kind} in a conversation’s stream`)
  }
}

async function fetchKnown(person: Person, conversationId: ConversationId): Promise<Known> {
  const [conversation, members, page, pins] = await Promise.all([
    person.call('conversation.get', { conversationId }),
    person.call('member.list', { conversationId }),
    person.call('message.list', { conversationId }),
    person.call('pin.list', { conversationId }),
  ])
  expect(page.head).toEqual(conversation.head)
  const messages: Known['messages'] = new Map()
  for (const { reactions, ...message } of page.items) {
    const emojis = new Map<AccountId, readonly string[]>()
    for (const { emoji, accountIds } of reactions) {
      for (const id of accountIds) emojis.set(id, [...(emojis.get(id) ?? []), emoji])
    }
    messages.set(message.sequence, { ...message, emojis })
  }
  expect(conversation.lastMessage?.sequence).toBe(page.items.at(-1)?.sequence)
  return {
    name: conversation.name,
    description: conversation.description,
    mailFrom: conversation.mailFrom,
    version: conversation.version,
    memberCount: conversation.memberCount,
    cursor: { epoch: page.epoch, sequence: page.head.sequence, micros: page.head.micros },
    ordinal: page.head.ordinal,
    roles: new Map(members.items.map(member => [member.person.id, member.role])),
    messages,
    pins: new Map(pins.items.map(({ message, pin }) => [message.sequence, pin])),
  }
}

/** Events since a cursor, a few at a time, so that pages meet. */
async function readSince(person: Person, stream: StreamId, from: Cursor): Promise<StreamEvent[]> {
  const events: StreamEvent[] = []
  for (let cursor = from; ; ) {
    const { items, head } = await person.call('stream.read', { stream, cursor, limit: 3 })
    events.push(...items)
    const last = items.at(-1)
    if (last === undefined || last.sequence === head.sequence) return events
    cursor = { ...cursor, sequence: last.sequence, micros: last.micros }
  }
}

class Observer {
  readonly person: Person
  readonly #socket: SocketClient
  readonly #group: ConversationId
  readonly #first: Known
  readonly #live: Known
  #replayed: Known
  #taken = 0

  private constructor(options: { person: Person; socket: SocketClient; group: ConversationId; known: Known }) {
    this.person = options.person
    this.#socket = options.socket
    this.#group = options.group
    this.#first = options.known
    this.#live = structuredClone(options.known)
    this.#replayed = structuredClone(options.known)
  }

  static async start(person: Person, group: ConversationId): Promise<Observer> {
    const socket = await person.connect()
    return new Observer({ person, socket, group, known: await fetchKnown(person, group) })
  }

  async check(): Promise<void> {
    const fresh = await fetchKnown(this.person, this.#group)
    for (const event of await readSince(this.person, this.#group, this.#replayed.cursor)) learn(this.#replayed, event)
    expect(this.#replayed).toEqual(fresh)
    await this.#socket.until(
      () => this.#socket.sequences(this.#group).at(-1) === fresh.cursor.sequence || this.#isAt(fresh),
    )
    for (const event of this.#socket.events(this.#group).slice(this.#taken)) {
      this.#taken += 1
      if (event.sequence > this.#live.cursor.sequence) learn(this.#live, event)
    }
    expect(this.#live).toEqual(fresh)
  }

  /** The oldest snapshot of all and everything since. */
  async checkFromTheBeginning(): Promise<void> {
    const known = structuredClone(this.#first)
    for (const event of await readSince(this.person, this.#group, known.cursor)) learn(known, event)
    expect(known).toEqual(await fetchKnown(this.person, this.#group))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket[Symbol.asyncDispose]()
  }

  #isAt(known: Known): boolean {
    return this.#live.cursor.sequence === known.cursor.sequence
  }
}

/** Writes that append no event: registers, and the rotation of a token. */
const withoutEvents: readonly OperationName[] = ['position.move', 'bell.clear', 'session.refresh']

test('L5, L12: replay equals refetch after every operation that appends to a conversation', async () => {
  const [ana, bo, cy, di] = await createPeople(server, 4)
  const group = (await ana.call('conversation.create', { key: newKey(), name: 'Replay', accountIds: [bo.id] })).id
  const done = new Set<OperationName>(['conversation.create'])
  await using observers = new AsyncDisposableStack()
  const watching: Observer[] = []
  const watch = async (person: Person) => watching.push(observers.use(await Observer.start(person, group)))
  const messages: number[] = []
  const target = (index: number) => ({ conversationId: group, sequence: messages[index] ?? 0, key: newKey() })
  const say = async (person: Person, body: string, replyTo?: number) => {
    const request = { conversationId: group, clientMessageId: newKey(), body, mentions: [ana.id] }
    messages.push((await person.call('message.send', { ...request, ...(replyTo ? { replyTo } : {}) })).sequence)
  }
  const forward = async (person: Person, index: number) => {
    const from = { conversationId: group, sequence: messages[index] ?? 0 }
    await person.call('message.forward', { conversationId: group, clientMessageId: newKey(), from })
  }
  const change = { conversationId: group }
  const steps: readonly [OperationName, () => Promise<unknown>][] = [
    ['message.send', () => say(ana, 'one')],
    ['message.send', () => say(bo, 'two', messages[0])],
    ['message.edit', () => ana.call('message.edit', { ...target(0), body: 'one, edited' })],
    ['message.react', () => bo.call('message.react', { ...target(0), emoji: '👍' })],
    ['message.react', () => ana.call('message.react', { ...target(0), emoji: '👍' })],
    ['message.react', () => ana.call('message.react', { ...target(0), emoji: '🎈' })],
    ['message.unreact', () => ana.call('message.unreact', { ...target(0), emoji: '👍' })],
    ['member.add', () => ana.call('member.add', { ...change, key: newKey(), accountIds: [cy.id], history: 'all' })],
    ['member.add', () => watch(cy)],
    ['message.edit', () => ana.call('message.edit', { ...target(0), body: 'one, edited twice' })],
    ['member.add', () => ana.call('member.add', { ...change, key: newKey(), accountIds: [di.id] })],
    ['member.add', () => watch(di)],
    ['message.edit', () => bo.call('message.edit', { ...target(1), body: 'two, edited' })],
    ['message.send', () => say(di, 'three')],
    ['message.react', () => di.call('message.react', { ...target(2), emoji: '😀' })],
    ['conversation.update', () => ana.call('conversation.update', { ...change, key: newKey(), name: 'Renamed' })],
    ['conversation.update', () => ana.call('conversation.update', { ...change, key: newKey(), description: 'Why' })],
    ['conversation.update', () => ana.call('conversation.update', { ...change, key: newKey(), description: null })],
    ['conversation.update', () => ana.call('conversation.update', { ...change, key: newKey(), mailFrom: 'admins' })],
    ['member.setRole', () => ana.call('member.setRole', { ...change, key: newKey(), accountId: bo.id, role: 'admin' })],
    ['message.pin', () => ana.call('message.pin', target(0))],
    ['message.pin', () => bo.call('message.pin', target(2))],
    ['message.unpin', () => bo.call('message.unpin', target(0))],
    ['message.pin', () => ana.call('message.pin', target(0))],
    ['message.save', () => ana.call('message.save', target(0))],
    ['message.unsave', () => ana.call('message.unsave', target(0))],
    ['message.forward', () => forward(bo, 1)],
    ['message.delete', () => bo.call('message.delete', target(2))],
    ['message.delete', () => ana.call('message.delete', target(0))],
    ['member.remove', () => bo.call('member.remove', { ...change, key: newKey(), accountId: cy.id })],
    ['conversation.leave', () => ana.call('conversation.leave', { ...change, key: newKey() })],
    ['message.send', () => say(di, 'the last')],
  ]
  await watch(ana)
  await watch(bo)
  const left = new Set<Person>()
  for (const [op, run] of steps) {
    await run()
    done.add(op)
    if (op === 'member.remove') left.add(cy)
    if (op === 'conversation.leave') left.add(ana)
    for (const observer of watching) if (!left.has(observer.person)) await observer.check()
  }
  for (const observer of watching) if (!left.has(observer.person)) await observer.checkFromTheBeginning()
  const ofConversations = operationNames.filter(name => /^(conversation|member|message)\./.test(name))
  const appending = ofConversations.filter(name => operations[name].effect === 'write' && !withoutEvents.includes(name))
  expect([...done, 'conversation.open'].toSorted()).toEqual(appending.toSorted())
})

const noSettings: OwnSettings = { version: 0, pinned: null, muted: null, archived: null, markedUnread: null }

/** Of a conversation that one is in; the highest version counts. */
function learnSettings(
  known: Map<number, OwnSettings>,
  { conversationId, settings }: EventData['membership.updated'],
): void {
  const before = known.get(conversationId)
  if (before && settings && settings.version >= before.version) known.set(conversationId, settings)
}

function byId([a]: readonly [number, unknown], [b]: readonly [number, unknown]): number {
  return a - b
}

test('L5, L8: replay equals refetch in one’s own stream: conversations, their settings, and sessions', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const { epoch } = server.running.context.store
  const replay = async () => {
    const conversations = new Map<number, OwnSettings>()
    const sessions = new Set<number>()
    const saves = new Set<number>()
    for (const { kind, data } of await readSince(ana, ana.id, { epoch, sequence: 0, micros: 0 })) {
      if (kind === 'conversation.joined') conversations.set(data.conversationId, noSettings)
      if (kind === 'conversation.left') conversations.delete(data.conversationId)
      if (kind === 'membership.updated') learnSettings(conversations, data)
      if (kind === 'session.created') sessions.add(data.sessionId)
      if (kind === 'session.ended') sessions.delete(data.sessionId)
      if (kind === 'message.saved' || kind === 'message.unsaved') {
        if (data.saved === null) saves.delete(data.messageId)
        else saves.add(data.messageId)
      }
    }
    return {
      conversations: [...conversations].toSorted(byId),
      sessions: [...sessions].toSorted(),
      saves: [...saves].toSorted(),
    }
  }
  const check = async () => {
    const conversations = (await ana.call('conversation.list', {})).items.map(
      ({ id, me }) => [id as number, me.settings] as const,
    )
    const sessions = (await ana.call('session.list', {})).items.map(({ id }) => id as number)
    const saves = (await ana.call('save.list', {})).items.map(({ messageId }) => messageId as number)
    const fresh = {
      conversations: conversations.toSorted(byId),
      sessions: sessions.toSorted(),
      saves: saves.toSorted(),
    }
    expect(await replay()).toEqual(fresh)
  }
  await check()
  await ana.call('conversation.open', { accountId: bo.id })
  await check()
  const group = (await bo.call('conversation.create', { key: newKey(), name: 'G', accountIds: [ana.id] })).id
  await check()
  const settings: readonly Partial<OperationInput<'membership.update'>>[] = [
    { pinned: 3 },
    { muted: 'forever', archived: 0 },
    { markedUnread: 0, pinned: null },
    { muted: null },
  ]
  for (const change of settings) {
    await ana.call('membership.update', { conversationId: group, key: newKey(), ...change })
    await check()
  }
  const said = await ana.call('message.send', { conversationId: group, clientMessageId: newKey(), body: 'Keep' })
  const kept = { conversationId: group, sequence: said.sequence }
  for (const operation of ['message.save', 'message.unsave', 'message.save'] as const) {
    await ana.call(operation, { ...kept, key: newKey() })
    await check()
  }
  await bo.call('member.remove', { conversationId: group, key: newKey(), accountId: ana.id })
  await check()
  await bo.call('member.add', { conversationId: group, key: newKey(), accountIds: [ana.id] })
  await check()
  await ana.call('conversation.leave', { conversationId: group, key: newKey() })
  await check()
  const phone = await ana.signInAgain()
  await ana.signInAgain()
  await check()
  await phone.call('session.end', {})
  await check()
  await ana.call('session.endOthers', {})
  await check()
  expect((await replay()).sessions).toHaveLength(1)
})
