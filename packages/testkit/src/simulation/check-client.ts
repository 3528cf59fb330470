/** What one program shows, after everything has healed, against the facts. */
import type { Client, ConversationSnapshot, MessageView } from '@recado/client'
import type { AccountId, ConversationId } from '@recado/protocol'
import type { MessageRow } from '../model/tables.ts'
import type { Complain } from './check-log.ts'
import type { Facts } from './facts.ts'
import type { Record } from './record.ts'

export interface Shown {
  readonly device: string
  readonly machine: string
  readonly accountId: AccountId
  readonly client: Client
  /** Every conversation it lists, opened and loaded to the beginning. */
  readonly opened: ReadonlyMap<ConversationId, ConversationSnapshot>
}

export function checkClient(facts: Facts, record: Record, shown: Shown, complain: Complain): void {
  const say: Complain = what => complain(`${shown.device}: ${what}`)
  checkList(facts, shown, say)
  checkBell(facts, shown, say)
  for (const [id, snapshot] of shown.opened) {
    if (!facts.isMember(id, shown.accountId)) checkLeft(snapshot, id, say)
    else checkConversation({ facts, record, shown, say }, snapshot)
  }
}

function checkList(facts: Facts, { client, accountId }: Shown, say: Complain): void {
  const { conversations, connection, unread } = client.getSnapshot()
  if (connection.state !== 'online' || !connection.caughtUp) say(`is not caught up: ${JSON.stringify(connection)}`)
  const listed = conversations.filter(view => view.membership === 'member').map(view => view.id)
  same('conversations', ascending(listed), ascending(facts.conversationsOf(accountId)), say)
  const total = facts.conversationsOf(accountId).reduce((sum, id) => sum + facts.unread(id, accountId), 0)
  same('unread in all', unread, total, say)
  for (const view of conversations) {
    if (view.membership === 'left') continue
    const { id, conversation } = view
    const row = facts.tables.conversations.get(`${id}`)
    const last = facts.messages(id, accountId).at(-1)
    same(`unread of ${id}`, view.unread, facts.unread(id, accountId), say)
    same(`name of ${id}`, [conversation.name, conversation.version], [row?.name, row?.version], say)
    same(`member count of ${id}`, conversation.memberCount, row?.memberCount, say)
    same(`head of ${id}`, conversation.head.sequence, facts.events(id).length, say)
    same(`last message of ${id}`, conversation.lastMessage?.sequence ?? null, last?.sequence ?? null, say)
    same(`own position in ${id}`, conversation.me.read, facts.position(id, accountId).read, say)
  }
}

function checkBell(facts: Facts, { client, accountId }: Shown, say: Complain): void {
  const lines = [...facts.tables.bell.values()].filter(line => line.accountId === accountId && !line.cleared)
  const name = (line: { conversationId: number; sequence: number; kind: string }) =>
    `${line.conversationId} ${line.sequence} ${line.kind}`
  same('the bell', client.getSnapshot().bell.items.map(name).sort(), lines.map(name).sort(), say)
}

function checkLeft(snapshot: ConversationSnapshot, id: ConversationId, say: Complain): void {
  if (snapshot.items.some(item => item.type === 'message')) say(`still shows messages of ${id}, which it left`)
}

interface Found {
  readonly facts: Facts
  readonly record: Record
  readonly shown: Shown
  readonly say: Complain
}

function checkConversation(found: Found, snapshot: ConversationSnapshot): void {
  const { facts, record, shown, say } = found
  const { accountId } = shown
  const { id, items } = snapshot
  if (snapshot.hasOlder || snapshot.hasNewer)
    say(`${id} did not load to both ends: ${JSON.stringify(snapshot.problem)}`)
  const messages = items.filter((item): item is MessageView => item.type === 'message')
  const expected = facts.messages(id, accountId)
  same(
    `messages of ${id}`,
    messages.map(describeShown),
    expected.map(row => describeRow(facts, row)),
    say,
  )
  const pins = [...facts.tables.pins.values()].filter(pin => pin.conversationId === id)
  const visible = pins.map(pin => pin.sequence).filter(sequence => sequence >= facts.visibleFrom(id, accountId))
  const pinned = snapshot.pins?.map(pin => pin.message.sequence)
  same(`pins of ${id}`, pinned && ascending(pinned), ascending(visible), say)
  const members = facts.members(id)
  const isHidden = (member: AccountId) => member !== accountId && record.hidden.has(member)
  const positions = members.map(member => {
    const { delivered, read } = facts.position(id, member)
    return [member, { delivered, read: isHidden(member) ? 0 : read }]
  })
  const known = members.map(member => {
    const position = snapshot.positions.get(member)
    return [member, { delivered: position?.delivered ?? null, read: position?.read ?? null }]
  })
  same(`positions in ${id}`, known, positions, say)
  const listed = snapshot.members?.map(member => `${member.person.id} ${member.role}`).sort()
  const rows = members.map(member => `${member} ${facts.tables.memberships.get(`${id} ${member}`)?.role}`).sort()
  same(`members of ${id}`, listed, rows, say)
}

function describeShown({ message }: MessageView): unknown {
  const { sequence, ordinal, authorId, body, version, deletedAt, replyTo } = message
  const reactions = message.reactions.map(({ emoji, accountIds }) => `${emoji} ${ascending(accountIds)}`)
  return {
    sequence,
    ordinal,
    authorId,
    body,
    version,
    deleted: deletedAt !== null,
    replyTo,
    reactions: reactions.sort(),
  }
}

function describeRow(facts: Facts, row: MessageRow): unknown {
  const { conversationId, sequence, ordinal, authorId, body, version, deletedMicros, replyTo } = row
  const left = [...facts.tables.reactions.values()].filter(
    reaction => reaction.conversationId === conversationId && reaction.sequence === sequence,
  )
  const reactions = [...Map.groupBy(left, reaction => reaction.emoji)].map(
    ([emoji, group]) => `${emoji} ${ascending(group.map(reaction => reaction.accountId))}`,
  )
  const deleted = deletedMicros !== null
  return { sequence, ordinal, authorId, body, version, deleted, replyTo, reactions: reactions.sort() }
}

function ascending(ids: readonly number[]): number[] {
  return [...ids].sort((a, b) => a - b)
}

export function same(what: string, shown: unknown, fact: unknown, say: Complain): void {
  const [one, other] = [JSON.stringify(shown), JSON.stringify(fact)]
  if (one !== other) say(`${what}: shows ${difference(one, other)}`)
}

/** The place where two texts part, with some of what is around it. */
function difference(shown = 'undefined', fact = 'undefined'): string {
  let at = 0
  while (at < shown.length && shown[at] === fact[at]) at += 1
  const from = Math.max(0, at - 60)
  return `…${shown.slice(from, at + 160)} but it is …${fact.slice(from, at + 160)}`
}
