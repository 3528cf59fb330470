/** Conversations, members, positions and the bell as readers get them. */
import type { AccountId, ConversationId, Role } from '@recado/protocol'
import { isoTime } from '@recado/server/clock.ts'
import { foldWords } from '@recado/server/store/folding.ts'
import type { PositionRow, PositionsRequest } from '@recado/server/store/registers.ts'
import { presentSettings } from '@recado/server/store/settings.ts'
import type { Attachment, ConversationView, MembershipRow, MembersRequest } from '@recado/server/store/store.ts'
import { presentAccount, presentPerson } from './accounts.ts'
import { presentHead, presentMessage } from './messages.ts'
import { receiptsOf } from './registers.ts'
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
  if (conversation === undefined || head === undefined || conversation.kind === 'mail') return null
  const { kind } = conversation
  const last = view.get('messages', conversationId, head.messageSequence)
  const peerId = peerOf(view, conversationId, accountId)
  const peer = peerId === null ? undefined : view.get('accounts', peerId)
  const position = positionOf(view, conversationId, accountId)
  return {
    ...conversation,
    kind,
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
      if (conversation === undefined || conversation.kind === 'mail') return []
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
