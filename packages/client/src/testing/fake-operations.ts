/** The fake server's answers: what `stream.read` and the rest mean, told as briefly as a test needs. */
import {
  type Account,
  type AccountId,
  type ConversationId,
  limits,
  type Message,
  type OperationInput,
  type OperationName,
  type Person,
  type StreamEvent,
  type StreamHead,
} from '@recado/protocol'
import { type FakeConversation, type FakeLog, refused } from './fake-log.ts'
import type { FakeMail } from './fake-mail.ts'

/** What the server remembers of one socket: after a retryable refusal it refuses until `restart` (L3). */
export interface FakePeer {
  accountId: AccountId
  readonly refusing: Set<ConversationId>
}

/** `before`: nothing is written; `after`: written, and the sender is told otherwise. */
export type Fault = (input: { readonly body?: string }) => 'before' | 'after' | null

type Answers = { readonly [Name in OperationName]?: (input: OperationInput<Name>, peer: FakePeer) => unknown }

export function createAnswers(log: FakeLog, mail: FakeMail, fault: () => Fault): Answers {
  return {
    ...mailAnswers(mail, fault),
    'message.send': (input, peer) => send(log, input, { peer, fault: fault() }),
    'membership.update': (input, peer) => ({ sequence: log.updateSettings(input, peer.accountId) }),
    'message.forward': ({ from, ...input }, peer) => {
      const source = log.member(from.conversationId, peer.accountId).conversation.messages.get(from.sequence)
      if (!source) throw refused('not-found')
      if (source.body === null) throw refused('message-deleted')
      return send(log, { ...input, body: source.body }, { peer, fault: fault() })
    },
    ...changeAnswers(log, fault),
    'pin.list': ({ conversationId }, peer) => {
      const { messages, pins } = log.member(conversationId, peer.accountId).conversation
      const items = [...pins].flatMap(([sequence, pin]) => {
        const message = messages.get(sequence)
        return message ? [{ message, pin }] : []
      })
      return { items: items.sort((a, b) => (a.pin.at < b.pin.at ? 1 : -1)), next: null }
    },
    'save.list': (_input, peer) => ({ items: log.saved(peer.accountId), next: null }),
    'conversation.get': ({ conversationId }, peer) => log.present(conversationId, peer.accountId),
    'conversation.list': ({ next }, peer) => listConversations(log, peer.accountId, Number(next ?? 0)),
    'message.list': (input, peer) => listMessages(log, input, peer.accountId),
    'stream.read': (input, peer) => {
      const page = readStream(log, input, peer.accountId)
      return { ...page, items: page.items.map(event => mail.presentNow(event, peer.accountId)) }
    },
    'position.list': ({ conversationId, above, next }, peer) => {
      const { conversation } = log.member(conversationId, peer.accountId)
      const rows = log.positions(conversation, above ?? 0).filter(row => row.accountId > Number(next ?? 0))
      const items = rows.slice(0, limits.eventsPageSize)
      const last = items.length === limits.eventsPageSize ? items.at(-1) : undefined
      return { items, version: conversation.registers, next: last ? `${last.accountId}` : null }
    },
    'position.watch': () => ({}),
    'member.list': ({ conversationId }, peer) => {
      const { members } = log.member(conversationId, peer.accountId).conversation
      const items = [...members].map(([id, { role }]) => ({ person: presentPerson(log.account(id)), role }))
      return { items, next: null }
    },
    'bell.list': ({ above }, peer) => {
      const lines = log.bells.get(peer.accountId) ?? []
      const rows = lines.filter(line => (above === undefined ? !line.cleared : line.version > above))
      const head = Math.max(0, ...lines.map(line => line.version))
      const last = above === undefined ? undefined : rows[limits.eventsPageSize - 1]?.version
      const version = last ?? head
      const items = rows.filter(line => line.version <= version).map(({ version: _, ...line }) => line)
      return { items, version, next: version < head ? `${version}` : null }
    },
    'people.get': ({ accountIds }) => {
      const people = accountIds.map(id => log.accounts.get(id)).filter(account => account !== undefined)
      return {
        items: people.map(presentPerson),
        next: null,
      }
    },
    'account.get': (_input, peer) => log.account(peer.accountId),
    'presence.get': () => ({ items: [] }),
    'presence.subscribe': () => ({ items: [] }),
    'typing.set': () => ({}),
  }
}

function mailAnswers(mail: FakeMail, fault: () => Fault): Answers {
  /** Before or after it was done, as the test wants. */
  const failing = <Result>(input: object, work: () => Result): Result => {
    const fails = fault()(input)
    if (fails === 'before') throw refused('busy')
    const result = work()
    if (fails === 'after') throw refused('unavailable')
    return result
  }
  return {
    'mail.send': (input, { accountId }) => failing(input, () => mail.send(input, accountId)),
    'mail.cancel': (input, { accountId }) => mail.cancel(input, accountId),
    'mail.get': ({ mailId }, { accountId }) => mail.get(mailId, accountId),
    'thread.get': ({ threadId }, { accountId }) => mail.thread(threadId, accountId),
    'mailbox.list': (input, { accountId }) => mail.list(input, accountId),
    'mailbox.unread': (_input, { accountId }) => mail.unread(accountId),
    'mailbox.update': (input, { accountId }) => failing(input, () => mail.update(input, accountId)),
    'delivery.list': input => mail.deliveries(input),
    'delivery.confirm': ({ sequence }, { accountId }) => mail.confirm(sequence, accountId),
    'draft.save': (input, { accountId }) => failing(input, () => mail.saveDraft(input, accountId)),
    'draft.get': ({ draftId }, { accountId }) => mail.draft(accountId, draftId),
    'draft.list': (_input, { accountId }) => ({ items: mail.drafts(accountId), next: null }),
    'draft.delete': ({ draftId, base }, { accountId }) => {
      mail.deleteDraft(accountId, draftId, base)
      return {}
    },
  }
}

interface ChangeInput {
  readonly conversationId: ConversationId
  readonly sequence: number
  readonly key: string
  readonly body?: string
  readonly emoji?: string
}

/** What is done to messages: judged, done and remembered by its key, as the real one does. */
function changeAnswers(log: FakeLog, fault: () => Fault): Answers {
  const changing =
    (apply: (input: ChangeInput, accountId: AccountId) => void) => (input: ChangeInput, peer: FakePeer) => {
      const { conversationId, sequence, key } = input
      const conversation = log.conversation(conversationId)
      const known = conversation.changes.get(`${peer.accountId} ${key}`)
      if (known !== undefined) return { sequence: known, version: 1 }
      log.member(conversationId, peer.accountId)
      const fails = fault()(input)
      if (fails === 'before') throw refused('busy')
      const message = conversation.messages.get(sequence)
      if (!message) throw refused('not-found')
      if (message.body === null) throw refused('message-deleted')
      apply(input, peer.accountId)
      const appended = log.head(conversationId).sequence
      conversation.changes.set(`${peer.accountId} ${key}`, appended)
      if (fails === 'after') throw refused('unavailable')
      return { sequence: appended, version: message.version }
    }
  const reacting = (change: 'add' | 'remove') =>
    changing(({ conversationId, sequence, emoji = '' }, accountId) => {
      const { reactions = [] } = log.conversation(conversationId).messages.get(sequence) ?? {}
      const own = reactions.filter(reaction => reaction.accountIds.includes(accountId)).map(reaction => reaction.emoji)
      const rest = own.filter(one => one !== emoji)
      log.react(accountId, conversationId, sequence, change === 'add' ? [...rest, emoji] : rest)
    })
  return {
    'message.edit': changing(({ conversationId, sequence, body = '' }, accountId) => {
      if (log.conversation(conversationId).messages.get(sequence)?.authorId !== accountId) throw refused('forbidden')
      log.edit(conversationId, sequence, body)
    }),
    'message.delete': changing(({ conversationId, sequence }) => log.delete(conversationId, sequence)),
    'message.react': reacting('add'),
    'message.unreact': reacting('remove'),
    'message.pin': changing(({ conversationId, sequence }, by) => log.pin(by, conversationId, sequence, 'pinned')),
    'message.unpin': changing(({ conversationId, sequence }, by) => log.pin(by, conversationId, sequence, 'unpinned')),
    'message.save': (input, peer) => log.save(peer.accountId, input.conversationId, input.sequence, 'saved'),
    'message.unsave': (input, peer) => log.save(peer.accountId, input.conversationId, input.sequence, 'unsaved'),
  }
}

export function moved(log: FakeLog, accountId: AccountId, mark: string): StreamHead[] | null {
  const [epoch, place] = mark.split(' ')
  if (epoch !== log.epoch) return null
  const streams = new Set(log.commits.slice(Number(place)))
  return [...streams].filter(stream => log.follows(accountId, stream)).map(stream => log.streamHead(stream))
}

function send(log: FakeLog, input: OperationInput<'message.send'>, { peer, fault }: { peer: FakePeer; fault: Fault }) {
  const { conversationId, clientMessageId, body } = input
  if (input.restart) peer.refusing.delete(conversationId)
  const before = log.conversation(conversationId).keys.get(`${peer.accountId} ${clientMessageId}`)
  if (peer.refusing.has(conversationId)) throw refused('earlier-refused')
  const fails = before ? null : fault(input)
  if (fails === 'before') {
    peer.refusing.add(conversationId)
    throw refused('busy')
  }
  const message = log.send(peer.accountId, conversationId, body, clientMessageId)
  if (fails === 'after') {
    peer.refusing.add(conversationId)
    throw refused('internal')
  }
  const { id, sequence, ordinal, createdAt } = message
  return { id, sequence, ordinal, createdAt }
}

const listPage = 2

function listConversations(log: FakeLog, accountId: AccountId, from: number) {
  const own = [...log.conversations.values()].filter(conversation => conversation.members.has(accountId))
  const sorted = own.sort((a, b) => log.head(b.id).micros - log.head(a.id).micros)
  const items = sorted.slice(from, from + listPage).map(conversation => log.present(conversation.id, accountId))
  return { items, next: from + listPage < sorted.length ? String(from + listPage) : null }
}

function listMessages(log: FakeLog, input: OperationInput<'message.list'>, accountId: AccountId) {
  const { conversation } = log.member(input.conversationId, accountId)
  const all = [...conversation.messages.values()]
  const page = choose(all, input)
  const [first, last] = [page[0], page.at(-1)]
  return {
    items: page,
    hasOlder: first !== undefined && all[0] !== first,
    hasNewer: last !== undefined && all.at(-1) !== last,
    head: log.head(conversation.id),
    epoch: log.epoch,
  }
}

function choose(all: Message[], { before, after, around, limit = 50 }: OperationInput<'message.list'>): Message[] {
  if (after !== undefined) return all.filter(message => message.sequence > after).slice(0, limit)
  if (around !== undefined) {
    const isThere = (message: Message) =>
      typeof around === 'number' ? message.sequence >= around : message.createdAt >= around.time
    const found = all.findIndex(isThere)
    const index = found < 0 ? all.length : found
    return all.slice(Math.max(0, index - Math.floor(limit / 2)), index + Math.ceil(limit / 2))
  }
  return all.filter(message => before === undefined || message.sequence < before).slice(-limit)
}

function readStream(log: FakeLog, input: OperationInput<'stream.read'>, accountId: AccountId) {
  const { stream, cursor, limit = limits.eventsPageSize, after = cursor.sequence } = input
  if (!log.follows(accountId, stream)) throw refused('not-found')
  const events = log.streams.get(stream) ?? []
  const at = events[cursor.sequence - 1]
  if (cursor.epoch !== log.epoch || (cursor.sequence > 0 && at?.micros !== cursor.micros)) throw refused('cursor-gone')
  const conversation = log.conversations.get(stream as ConversationId)
  const items = events
    .slice(after, after + Math.min(limit, log.eventsPerPage))
    .map(event => presentNow(event, conversation))
  return { items, head: log.head(stream), epoch: log.epoch }
}

/** A replay shows the target as it is now (L12). */
function presentNow(event: StreamEvent, conversation: FakeConversation | undefined): StreamEvent {
  if (!conversation) return event
  if (event.kind === 'reaction.changed') {
    const { sequence, accountId } = event.data
    const reactions = conversation.messages.get(sequence)?.reactions ?? []
    const emojis = reactions.filter(reaction => reaction.accountIds.includes(accountId)).map(({ emoji }) => emoji)
    return { ...event, data: { ...event.data, emojis } }
  }
  if (event.kind === 'message.created' || event.kind === 'message.edited' || event.kind === 'message.deleted') {
    const message = conversation.messages.get(event.data.message.sequence)
    return message ? { ...event, data: { message } } : event
  }
  if (event.kind === 'message.pinned' || event.kind === 'message.unpinned') {
    const message = conversation.messages.get(event.data.message.sequence) ?? event.data.message
    return { ...event, data: { message, pin: conversation.pins.get(message.sequence) ?? null } }
  }
  return event
}

function presentPerson({ id, username, displayName }: Account): Person {
  return { id, username, displayName, lastSeenAt: null }
}
