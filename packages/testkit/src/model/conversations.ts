/** Conversations, members, positions and the bell as readers get them. */
import type { AccountId, ConversationId, Role } from '@recado/protocol'
import { isoTime } from '@recado/server/clock.ts'
import { foldWords } from '@recado/server/store/folding.ts'
import { presentSettings } from '@recado/server/store/settings.ts'
import type {
  Attachment,
  ConversationView,
  MembershipRow,
  MembersRequest,
  MovedStream,
  NewBellRow,
  PositionRow,
  PositionsRequest,
} from '@recado/server/store/store.ts'
import { presentAccount, presentPerson } from './accounts.ts'
import { presentHead, presentMessage } from './messages.ts'
import { presentLine, receiptsOf } from './registers.ts'
import { registersOf } from './streams.ts'
import type { MemberRow, View } from './tables.ts'

export function presentMembership({ conversationId, accountId, role, visibleFrom }: MemberRow): MembershipRow {
  return { conversationId, accountId, role, visibleFrom }
}

function peerOf(view: View, conversationId: ConversationId, accountId: AccountId): AccountId | null {
  const [pair] = view.find('directs', row => row.conversationId === conversationId)
  if (pair === undefined) return null
  return pair.low === accountId ? pair.high : pair.low
}

export function viewConversation(view: View, member: MemberRow): ConversationView | null {
  const { conversationId, accountId, role, visibleFrom, joinedMicros } = member
  const conversation = view.get('conversations', conversationId)
  const head = view.get('heads', conversationId)
  if (conversation === undefined || head === undefined) return null
  const last = view.get('messages', conversationId, head.messageSequence)
  const peerId = peerOf(view, conversationId, accountId)
  const peer = peerId === null ? undefined : view.get('accounts', peerId)
  const position = positionOf(view, conversationId, accountId)
  return {
    ...conversation,
    head: presentHead(view, conversationId),
    peer: peer === undefined ? null : presentPerson(peer),
    lastMessage: last === undefined || last.sequence < visibleFrom ? null : presentMessage(view, last),
    me: {
      role,
      joinedAt: isoTime(joinedMicros),
      visibleFrom,
      ...position,
      settings: presentSettings(view.get('settings', conversationId, accountId) ?? null),
    },
  }
}

/** The further of what was reported and what the member sent. */
export function positionOf(view: View, conversationId: ConversationId, accountId: AccountId) {
  const row = view.get('positions', conversationId, accountId)
  const sent = view.get('sent', conversationId, accountId)
  return {
    delivered: Math.max(row?.delivered ?? 0, sent?.sequence ?? 0),
    read: Math.max(row?.read ?? 0, sent?.sequence ?? 0),
    readOrdinal: Math.max(row?.readOrdinal ?? 0, sent?.ordinal ?? 0),
  }
}

export function listConversations(
  view: View,
  accountId: AccountId,
  before: { readonly micros: number; readonly id: number } | null,
  limit: number,
): ConversationView[] {
  return view
    .find('memberships', row => row.accountId === accountId)
    .map(row => viewConversation(view, row))
    .filter(row => row !== null)
    .sort((a, b) => b.head.micros - a.head.micros || b.id - a.id)
    .filter(({ id, head: { micros } }) =>
      before === null ? true : micros < before.micros || (micros === before.micros && id < before.id),
    )
    .slice(0, limit)
}

const ranks: readonly Role[] = ['owner', 'admin', 'member']

export function listMembers(view: View, { conversationId, query, after, limit }: MembersRequest) {
  const words = query === null ? [] : foldWords(query)
  if (words.length === 0 && query !== null && query.trim() !== '') return []
  const rank = (row: MemberRow) => ranks.indexOf(row.role)
  return view
    .find('memberships', row => row.conversationId === conversationId)
    .filter(row => after === null || rank(row) > after.rank || (rank(row) === after.rank && row.accountId > after.id))
    .sort((a, b) => rank(a) - rank(b) || a.accountId - b.accountId)
    .flatMap(({ accountId, role, joinedMicros }) => {
      const account = view.get('accounts', accountId)
      if (account === undefined || !words.every(word => account.words.some(known => known.startsWith(word)))) return []
      return [{ person: presentPerson(account), role, joinedMicros }]
    })
    .slice(0, limit)
}

export function attach(view: View, accountId: AccountId): Attachment | null {
  const account = view.get('accounts', accountId)
  if (account === undefined) return null
  const memberships = view.find('memberships', row => row.accountId === accountId)
  const sessions = view.find('sessions', row => row.accountId === accountId && row.endedMicros === null)
  return {
    account: presentAccount(account),
    head: presentHead(view, accountId),
    sessionIds: sessions.map(row => row.id),
    conversations: memberships.flatMap(({ conversationId, visibleFrom }) => {
      const conversation = view.get('conversations', conversationId)
      if (conversation === undefined) return []
      const { id, kind, memberCount } = conversation
      return [{ id, kind, memberCount, visibleFrom, peerId: peerOf(view, id, accountId), head: presentHead(view, id) }]
    }),
  }
}

export function readPositions(view: View, { conversationId, above, after, limit }: PositionsRequest) {
  const items: PositionRow[] = view
    .find('positions', row => row.conversationId === conversationId)
    .filter(row => (row.version > above || above === 0) && row.accountId > after)
    .sort((a, b) => a.accountId - b.accountId)
    .slice(0, limit)
    .map(({ accountId, shownVersion }) => {
      const { delivered, read } = positionOf(view, conversationId, accountId)
      const deliveredMoved = shownVersion > above || above === 0
      return { accountId, delivered, read, readReceipts: receiptsOf(view, accountId), deliveredMoved }
    })
  return { items, version: registersOf(view, conversationId) }
}

export function readBell(view: View, accountId: AccountId, above: number | null, limit: number) {
  const items = view
    .find('bell', line => line.accountId === accountId && (above === null ? !line.cleared : line.version > above))
    .sort((a, b) => b.id - a.id)
    .slice(0, limit)
    .map(presentLine)
  return { items, version: registersOf(view, accountId) }
}

/** Whom new events name: mentions and replies among messages, invitations to groups. Never their own author (L8). */
export function readBellCandidates(view: View, moved: readonly MovedStream[]): NewBellRow[] {
  const candidates = moved.flatMap(range => [...namedByMessages(view, range), ...invited(view, range)])
  return candidates.filter(row => {
    const member = view.get('memberships', row.conversationId, row.accountId)
    if (member === undefined || row.accountId === row.actorId) return false
    return row.kind === 'invitation' || row.sequence >= member.visibleFrom
  })
}

function namedByMessages(view: View, { stream, from, to }: MovedStream): NewBellRow[] {
  const messages = view.find(
    'messages',
    row => row.conversationId === stream && row.sequence > from && row.sequence <= to && row.deletedMicros === null,
  )
  return messages.flatMap(({ conversationId, sequence, authorId, mentions, replyTo, createdMicros }) => {
    const line = { conversationId, sequence, actorId: authorId, micros: createdMicros }
    const lines: NewBellRow[] = mentions.map(accountId => ({ ...line, accountId, kind: 'mention' }))
    const quoted = replyTo === null ? undefined : view.get('messages', conversationId, replyTo)
    if (quoted !== undefined && !mentions.includes(quoted.authorId)) {
      lines.push({ ...line, accountId: quoted.authorId, kind: 'reply' })
    }
    return lines
  })
}

function invited(view: View, { stream, from, to }: MovedStream): NewBellRow[] {
  if (view.get('conversations', stream)?.kind !== 'group') return []
  const added = view.find(
    'events',
    row => row.stream === stream && row.sequence > from && row.sequence <= to && row.kind === 'member.added',
  )
  return added.map(row => ({
    accountId: row.target as AccountId,
    kind: 'invitation',
    conversationId: stream as ConversationId,
    sequence: row.sequence,
    actorId: row.actorId as AccountId,
    micros: row.micros,
  }))
}
