/** The fake server's answers: what `stream.read` and the rest mean, told as briefly as a test needs. */
import {
  type AccountId,
  type ConversationId,
  limits,
  type Message,
  type OperationInput,
  type OperationName,
  type StreamEvent,
  type StreamHead,
} from '@recado/protocol'
import { type FakeConversation, type FakeLog, refused } from './fake-log.ts'

/** What the server remembers of one socket: after a retryable refusal it refuses until `restart` (L3). */
export interface FakePeer {
  readonly accountId: AccountId
  readonly refusing: Set<ConversationId>
}

/** `before`: nothing is written; `after`: written, and the sender is told otherwise. */
export type Fault = (input: OperationInput<'message.send'>) => 'before' | 'after' | null

type Answers = { readonly [Name in OperationName]?: (input: OperationInput<Name>, peer: FakePeer) => unknown }

export function createAnswers(log: FakeLog, fault: () => Fault): Answers {
  return {
    'message.send': (input, peer) => send(log, input, { peer, fault: fault() }),
    'membership.update': (input, peer) => ({ sequence: log.updateSettings(input, peer.accountId) }),
    'conversation.get': ({ conversationId }, peer) => log.present(conversationId, peer.accountId),
    'conversation.list': ({ next }, peer) => listConversations(log, peer.accountId, Number(next ?? 0)),
    'message.list': (input, peer) => listMessages(log, input, peer.accountId),
    'stream.read': (input, peer) => readStream(log, input, peer.accountId),
    'position.list': ({ conversationId, above }, peer) => {
      const { conversation } = log.member(conversationId, peer.accountId)
      return { items: log.positions(conversation, above ?? 0), version: conversation.registers, next: null }
    },
    'bell.list': () => ({ items: [], version: 0, next: null }),
    'people.get': ({ accountIds }) => {
      const people = accountIds.map(id => log.accounts.get(id)).filter(account => account !== undefined)
      return {
        items: people.map(({ id, username, displayName }) => ({ id, username, displayName, lastSeenAt: null })),
        next: null,
      }
    },
    'account.get': (_input, peer) => log.account(peer.accountId),
    'presence.get': () => ({ items: [] }),
    'presence.subscribe': () => ({ items: [] }),
    'typing.set': () => ({}),
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
    const index = all.findIndex(message => message.sequence >= around)
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
  return event
}
