/**
 * What the message list shows, derived from what the SDK holds: each message with what stands above it and whether it
 * begins or ends a run of its author. A row stays the same object while nothing in it changed, so that only changed
 * messages render again.
 */
import type { ConversationItem } from '@recado/client'
import type { AccountId } from '@recado/protocol'
import { daysAgo } from '../../i18n/times.ts'

export interface Row {
  readonly key: string
  readonly item: ConversationItem
  readonly authorId: AccountId
  readonly at: string
  /** The first message of a day stands under that day. */
  readonly startsDay: boolean
  readonly firstUnread: boolean
  readonly startsRun: boolean
  readonly endsRun: boolean
}

export interface RowsInput {
  readonly items: readonly ConversationItem[]
  readonly me: AccountId
  /** The sequence after which everything was unread when the conversation was opened; null when nothing was. */
  readonly unreadAfter: number | null
  /** Whether there is more before the first item. */
  readonly hasOlder: boolean
  readonly previous: readonly Row[]
}

/** Messages of one author within this time of one another are one run. */
const runMs = 5 * 60_000

export function buildRows({ items: given, me, unreadAfter, hasOlder, previous }: RowsInput): readonly Row[] {
  const items = withoutEchoes(given)
  const known = new Map(previous.map(row => [row.key, row]))
  const firstUnread = hasOlder && beginsUnread(items, unreadAfter) ? undefined : findUnread(items, unreadAfter)
  const starts = items.map((item, index) => {
    const before = items[index - 1]
    const startsDay = !before || daysAgo(new Date(timeOf(before)), new Date(timeOf(item))) !== 0
    const startsRun =
      startsDay ||
      item === firstUnread ||
      authorOf(before, me) !== authorOf(item, me) ||
      Date.parse(timeOf(item)) - Date.parse(timeOf(before)) > runMs
    return { startsDay, startsRun }
  })
  return items.map((item, index) => {
    const row: Row = {
      key: item.key,
      item,
      authorId: authorOf(item, me),
      at: timeOf(item),
      startsDay: starts[index]?.startsDay ?? false,
      firstUnread: item === firstUnread,
      startsRun: starts[index]?.startsRun ?? false,
      endsRun: starts[index + 1]?.startsRun ?? true,
    }
    const old = known.get(item.key)
    return old && isSame(old, row) ? old : row
  })
}

/** Between the arrival of one's own message and its leaving the outbox of another tab both are there, under one key. */
function withoutEchoes(items: readonly ConversationItem[]): readonly ConversationItem[] {
  if (!items.some(item => item.type === 'pending')) return items
  const sent = new Set(items.flatMap(item => (item.type === 'message' && item.own ? [item.key] : [])))
  return items.filter(item => item.type === 'message' || !sent.has(item.key))
}

export function sequenceOf(item: ConversationItem): number | null {
  return item.type === 'message' ? item.message.sequence : null
}

/** Whether what is unread begins before these, or with the first of them. */
export function beginsUnread(items: readonly ConversationItem[], unreadAfter: number | null): boolean {
  const [first] = items
  return unreadAfter !== null && first?.type === 'message' && first.message.sequence > unreadAfter
}

function findUnread(items: readonly ConversationItem[], unreadAfter: number | null): ConversationItem | undefined {
  return unreadAfter === null ? undefined : items.find(item => isUnread(item, unreadAfter))
}

function isUnread(item: ConversationItem, after: number): boolean {
  return item.type === 'message' && !item.own && item.message.sequence > after
}

function timeOf(item: ConversationItem): string {
  return item.type === 'message' ? item.message.createdAt : item.createdAt
}

function authorOf(item: ConversationItem, me: AccountId): AccountId {
  return item.type === 'message' ? item.message.authorId : me
}

function isSame(a: Row, b: Row): boolean {
  return (
    a.item === b.item &&
    a.startsDay === b.startsDay &&
    a.firstUnread === b.firstUnread &&
    a.startsRun === b.startsRun &&
    a.endsRun === b.endsRun
  )
}
