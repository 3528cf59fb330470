/** The server's log as a client sees it from outside: streams, conversations, registers, keys and marks, in memory. */
import {
  type Account,
  type AccountId,
  type BellItem,
  type Conversation,
  type ConversationId,
  createProblem,
  type EventData,
  type EventKind,
  type Head,
  limits,
  type MemberPosition,
  type Message,
  type MessageId,
  type OperationInput,
  type OwnSettings,
  type Pin,
  type ProblemCode,
  type Role,
  type SavedMessage,
  type StreamEvent,
  type StreamHead,
  type StreamId,
} from '@recado/protocol'
import type { Clock } from '../ports.ts'
import { ProblemError } from '../problem-error.ts'

const noSettings: OwnSettings = { version: 0, pinned: null, muted: null, archived: null, markedUnread: null }

interface FakeMember {
  role: Role
  delivered: number
  read: number
  version: number
  /** Shows nobody what was read. */
  readHidden?: true
  settings: OwnSettings
}

export interface FakeConversation {
  readonly id: ConversationId
  readonly members: Map<AccountId, FakeMember>
  readonly messages: Map<number, Message>
  readonly keys: Map<string, Message>
  /** The events that changes became, by account and key. */
  readonly changes: Map<string, number>
  readonly pins: Map<number, Pin>
  registers: number
  name: string | null
}

export class FakeLog {
  /** What a page of a stream holds at most, whatever is asked for. */
  eventsPerPage: number = limits.eventsPageSize
  epoch = 'epoch-1'
  readonly accounts = new Map<AccountId, Account>()
  readonly conversations = new Map<ConversationId, FakeConversation>()
  readonly streams = new Map<StreamId, StreamEvent[]>()
  /** The lines of bells by the version at which they changed. */
  readonly bells = new Map<AccountId, readonly (BellItem & { readonly version: number })[]>()
  readonly settingsKeys = new Map<string, number>()
  /** Which stream each commit moved: a mark is a place in it. */
  readonly commits: StreamId[] = []
  readonly #clock: Clock
  readonly #appended: (stream: StreamId, event: StreamEvent) => void
  readonly #saves = new Map<AccountId, Map<number, Omit<SavedMessage, 'message'>>>()
  #messages = 0
  #micros = 0

  constructor(clock: Clock, appended: (stream: StreamId, event: StreamEvent) => void) {
    this.#clock = clock
    this.#appended = appended
  }

  account(id: number): Account {
    const accountId = id as AccountId
    const known = this.accounts.get(accountId)
    if (known) return known
    const account: Account = {
      id: accountId,
      username: `person${id}`,
      displayName: `Person ${id}`,
      email: null,
      phone: null,
      role: 'member',
      language: null,
      readReceipts: true,
      signature: null,
      createdAt: this.time(),
    }
    this.accounts.set(accountId, account)
    this.append(accountId, 'account.created', {}, accountId)
    return account
  }

  createGroup(id: number, members: readonly number[]): FakeConversation {
    const conversation: FakeConversation = {
      id: id as ConversationId,
      members: new Map(),
      messages: new Map(),
      keys: new Map(),
      changes: new Map(),
      pins: new Map(),
      registers: 0,
      name: `Group ${id}`,
    }
    this.conversations.set(conversation.id, conversation)
    this.append(
      conversation.id,
      'conversation.created',
      { name: conversation.name, description: null, mailFrom: 'members', version: 1 },
      null,
    )
    for (const member of members) this.join(conversation, this.account(member).id)
    return conversation
  }

  join(conversation: FakeConversation, accountId: AccountId): void {
    conversation.members.set(accountId, { role: 'member', delivered: 0, read: 0, version: 0, settings: noSettings })
    const memberCount = conversation.members.size
    this.append(conversation.id, 'member.added', { accountId, role: 'member', memberCount }, null)
    this.append(accountId, 'conversation.joined', { conversationId: conversation.id }, null)
  }

  leave(conversation: FakeConversation, accountId: AccountId): void {
    const memberCount = conversation.members.size - 1
    this.append(conversation.id, 'member.left', { accountId, role: null, memberCount }, accountId)
    conversation.members.delete(accountId)
    this.append(accountId, 'conversation.left', { conversationId: conversation.id }, accountId)
  }

  send(from: number, to: number, body: string, key?: string): Message {
    const authorId = this.account(from).id
    const conversation = this.member(to as ConversationId, authorId).conversation
    const clientMessageId = key ?? `key-${++this.#messages}`
    const before = conversation.keys.get(`${authorId} ${clientMessageId}`)
    if (before) return before
    const message: Message = {
      conversationId: conversation.id,
      sequence: this.head(conversation.id).sequence + 1,
      ordinal: conversation.messages.size + 1,
      id: ++this.#messages as MessageId,
      authorId,
      clientMessageId,
      body,
      replyTo: null,
      mentions: [],
      forwardedFrom: null,
      version: 1,
      createdAt: this.time(),
      editedAt: null,
      deletedAt: null,
      reactions: [],
    }
    conversation.messages.set(message.sequence, message)
    conversation.keys.set(`${authorId} ${clientMessageId}`, message)
    this.append(conversation.id, 'message.created', { message }, authorId)
    return message
  }

  /** Last saved first. */
  saved(accountId: AccountId): SavedMessage[] {
    const places = [...(this.#saves.get(accountId)?.values() ?? [])].reverse()
    return places.map(place => {
      const conversation = this.conversations.get(place.conversationId)
      const message = conversation?.members.has(accountId) ? conversation.messages.get(place.sequence) : undefined
      return { ...place, message: message ?? null }
    })
  }

  save(accountId: AccountId, id: ConversationId, sequence: number, kind: 'saved' | 'unsaved') {
    const message = this.conversation(id).messages.get(sequence)
    if (!message) throw refused('not-found')
    const saves = this.#saves.get(accountId) ?? new Map<number, Omit<SavedMessage, 'message'>>()
    this.#saves.set(accountId, saves)
    const saved = kind === 'saved' ? { conversationId: id, sequence, at: this.time() } : null
    if (saved) saves.set(message.id, { messageId: message.id, ...saved })
    else saves.delete(message.id)
    this.append(accountId, `message.${kind}`, { messageId: message.id, saved }, accountId)
    return { sequence: this.head(accountId).sequence }
  }

  /** As an operator who goes back to yesterday's copy: the last events of this conversation never happened. */
  restore(conversation: FakeConversation, dropped: number): void {
    const events = (this.streams.get(conversation.id) ?? []).slice(0, -dropped)
    this.streams.set(conversation.id, events)
    const last = events.at(-1)?.sequence ?? 0
    for (const [sequence] of conversation.messages) if (sequence > last) conversation.messages.delete(sequence)
    for (const sequence of conversation.pins.keys()) if (sequence > last) conversation.pins.delete(sequence)
    for (const [key, sequence] of conversation.changes) if (sequence > last) conversation.changes.delete(key)
    for (const [key, message] of conversation.keys) if (message.sequence > last) conversation.keys.delete(key)
    for (const member of conversation.members.values()) {
      member.delivered = Math.min(member.delivered, last)
      member.read = Math.min(member.read, last)
    }
    this.epoch = `epoch-${Number(this.epoch.split('-')[1]) + 1}`
  }

  delete(to: number, sequence: number): void {
    const conversation = this.conversation(to as ConversationId)
    const before = conversation.messages.get(sequence)
    if (!before) throw refused('not-found')
    const deleted = { ...before, body: null, version: before.version + 1, deletedAt: this.time(), reactions: [] }
    conversation.messages.set(sequence, deleted)
    conversation.pins.delete(sequence)
    this.append(conversation.id, 'message.deleted', { message: deleted }, deleted.authorId)
  }

  pin(from: number, to: number, sequence: number, pinned: 'pinned' | 'unpinned'): void {
    const conversation = this.conversation(to as ConversationId)
    const message = conversation.messages.get(sequence)
    if (!message) throw refused('not-found')
    const pin = pinned === 'pinned' ? { accountId: from as AccountId, at: this.time() } : null
    if (pin) conversation.pins.set(sequence, pin)
    else conversation.pins.delete(sequence)
    this.append(conversation.id, `message.${pinned}`, { message, pin }, from as AccountId)
  }

  edit(to: number, sequence: number, body: string): void {
    const conversation = this.conversation(to as ConversationId)
    const before = conversation.messages.get(sequence)
    if (!before) throw refused('not-found')
    const message = { ...before, body, version: before.version + 1, editedAt: this.time() }
    conversation.messages.set(sequence, message)
    this.append(conversation.id, 'message.edited', { message }, message.authorId)
  }

  erase(to: number, sequence: number): void {
    const conversation = this.conversation(to as ConversationId)
    const known = conversation.messages.get(sequence)
    if (!known) throw new ProblemError(createProblem('not-found'))
    const message = { ...known, body: null, deletedAt: this.time(), version: known.version + 1 }
    conversation.messages.set(sequence, message)
    this.append(conversation.id, 'message.deleted', { message }, known.authorId)
  }

  react(from: number, to: number, sequence: number, emojis: string[]): void {
    const accountId = from as AccountId
    const conversation = this.conversation(to as ConversationId)
    const before = conversation.messages.get(sequence)
    if (!before) throw refused('not-found')
    const people = new Map(before.reactions.map(({ emoji, accountIds }) => [emoji, new Set(accountIds)]))
    for (const [emoji, group] of people) if (!emojis.includes(emoji)) group.delete(accountId)
    for (const emoji of emojis) people.set(emoji, (people.get(emoji) ?? new Set()).add(accountId))
    const reactions = [...people].map(([emoji, group]) => ({ emoji, accountIds: [...group] }))
    const left = reactions.filter(reaction => reaction.accountIds.length > 0)
    conversation.messages.set(sequence, { ...before, reactions: left })
    this.append(conversation.id, 'reaction.changed', { sequence, accountId, emojis }, accountId)
  }

  movePosition(id: ConversationId, accountId: AccountId, to: { delivered?: number; read?: number }): FakeConversation {
    const { conversation, member } = this.member(id, accountId)
    member.read = Math.max(member.read, to.read ?? 0)
    member.delivered = Math.max(member.delivered, member.read, to.delivered ?? 0)
    member.version = ++conversation.registers
    this.commits.push(id)
    return conversation
  }

  /** Answers with the sequence of the event; the first one's for a key that was used before. */
  updateSettings(input: OperationInput<'membership.update'>, accountId: AccountId): number {
    const { conversationId, key, ...changes } = input
    const { member } = this.member(conversationId, accountId)
    const known = this.settingsKeys.get(`${accountId} ${key}`)
    if (known !== undefined) return known
    const version = this.head(accountId).sequence + 1
    member.settings = { ...member.settings, ...changes, version }
    this.settingsKeys.set(`${accountId} ${key}`, version)
    this.append(accountId, 'membership.updated', { conversationId, settings: member.settings }, accountId)
    return version
  }

  positions(conversation: FakeConversation, above: number): MemberPosition[] {
    return [...conversation.members]
      .filter(([, member]) => member.version > above || above === 0)
      .map(([accountId, { delivered, read, readHidden }]) => ({
        accountId,
        delivered,
        read: readHidden ? 0 : read,
        ...(readHidden && { readHidden }),
      }))
  }

  present(id: ConversationId, accountId: AccountId): Conversation {
    const { conversation, member } = this.member(id, accountId)
    const messages = [...conversation.messages.values()]
    const own = messages.filter(message => message.authorId === accountId).at(-1)?.sequence ?? 0
    const read = Math.max(member.read, own)
    return {
      id,
      kind: 'group',
      name: conversation.name,
      description: null,
      mailFrom: 'members',
      version: 1,
      peer: null,
      memberCount: conversation.members.size,
      createdAt: '2026-01-01T00:00:00.000Z',
      head: this.head(id),
      lastMessage: messages.at(-1) ?? null,
      me: {
        role: member.role,
        joinedAt: '2026-01-01T00:00:00.000Z',
        visibleFrom: 1,
        delivered: Math.max(member.delivered, read),
        read,
        readOrdinal: messages.filter(message => message.sequence <= read).length,
        settings: member.settings,
      },
    }
  }

  head(stream: StreamId): Head {
    const conversation = this.conversations.get(stream as ConversationId)
    const last = this.streams.get(stream)?.at(-1)
    return {
      sequence: last?.sequence ?? 0,
      micros: last?.micros ?? 0,
      ordinal: conversation?.messages.size ?? 0,
      registers: conversation?.registers ?? 0,
    }
  }

  streamHead(stream: StreamId): StreamHead {
    return { stream, ...this.head(stream) }
  }

  conversation(id: ConversationId): FakeConversation {
    const conversation = this.conversations.get(id)
    if (!conversation) throw refused('not-found')
    return conversation
  }

  member(id: ConversationId, accountId: AccountId): { conversation: FakeConversation; member: FakeMember } {
    const conversation = this.conversation(id)
    const member = conversation.members.get(accountId)
    if (!member) throw refused('not-found')
    return { conversation, member }
  }

  follows(accountId: AccountId, stream: StreamId): boolean {
    if (stream === accountId) return true
    return this.conversations.get(stream as ConversationId)?.members.has(accountId) ?? false
  }

  append<Kind extends EventKind>(stream: StreamId, kind: Kind, data: EventData[Kind], actorId: AccountId | null): void {
    const events = this.streams.get(stream) ?? []
    this.streams.set(stream, events)
    this.#micros = Math.max(this.#micros + 1, this.#clock.now() * 1_000)
    const event = { sequence: events.length + 1, micros: this.#micros, kind, actorId, data } as StreamEvent
    events.push(event)
    this.commits.push(stream)
    this.#appended(stream, event)
  }

  time(): string {
    return new Date(this.#clock.now()).toISOString()
  }
}

export function refused(code: ProblemCode): ProblemError {
  return new ProblemError(createProblem(code))
}
