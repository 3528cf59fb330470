import type { ConversationItem } from '@recado/client'
import type { AccountId, ConversationId, Message, MessageId } from '@recado/protocol'
import { describe, expect, it } from 'vitest'
import { buildRows } from './rows.ts'

const me = 1 as AccountId
const other = 2 as AccountId

function message(sequence: number, authorId: AccountId, createdAt: string): ConversationItem {
  const value: Message = {
    conversationId: 9 as ConversationId,
    sequence,
    ordinal: sequence,
    id: sequence as MessageId,
    authorId,
    clientMessageId: `c${sequence}`,
    body: 'text',
    replyTo: null,
    mentions: [],
    version: 1,
    createdAt,
    editedAt: null,
    deletedAt: null,
    forwardedFrom: null,
    reactions: [],
  }
  const own = authorId === me
  return {
    type: 'message',
    key: `k${sequence}`,
    message: value,
    own,
    state: own ? 'sent' : null,
    deliveredCount: 0,
    readCount: 0,
    quoted: null,
    pinned: false,
    saved: false,
    changes: [],
  }
}

/** Local times, so that days are those of the machine's zone. */
function at(day: number, hour: number, minute: number): string {
  return new Date(2026, 10, day, hour, minute).toISOString()
}

const items = [
  message(1, other, at(18, 23, 58)),
  message(2, other, at(19, 0, 1)),
  message(3, other, at(19, 0, 2)),
  message(4, me, at(19, 0, 3)),
  message(5, other, at(19, 0, 4)),
  message(6, other, at(19, 0, 20)),
]

function build(unreadAfter: number | null = null, previous: ReturnType<typeof buildRows> = []) {
  return buildRows({ items, me, unreadAfter, hasOlder: false, previous })
}

describe('buildRows', () => {
  it('puts a day above its first message only', () => {
    expect(build().map(row => row.startsDay)).toEqual([true, true, false, false, false, false])
  })

  it('makes a run of one author within five minutes of one day', () => {
    expect(build().map(row => row.startsRun)).toEqual([true, true, false, true, true, true])
    expect(build().map(row => row.endsRun)).toEqual([true, false, true, true, true, true])
  })

  it('puts the divider above the first unread message of others, and starts a run there', () => {
    expect(build(2).findIndex(row => row.firstUnread)).toBe(2)
    expect(build(2)[2]?.startsRun).toBe(true)
    expect(build(3).findIndex(row => row.firstUnread)).toBe(4)
    expect(build(6).some(row => row.firstUnread)).toBe(false)
  })

  it('keeps the rows that did not change as the same objects', () => {
    const before = build()
    const after = build(5, before)
    expect(after.slice(0, 4).every((row, index) => row === before[index])).toBe(true)
    expect(after[5]).not.toBe(before[5])
  })
})
