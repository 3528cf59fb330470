import type { AccountId, ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { SendEntry } from '../store/appending.ts'
import { LaneQueue, queueLimits } from './lane-queue.ts'

let keys = 0

function send(actorId: number, body: string): SendEntry {
  keys += 1
  return {
    op: 'send',
    conversationId: 1 as ConversationId,
    actorId: actorId as AccountId,
    key: `key ${keys}`,
    fingerprint: '',
    body,
    replyTo: null,
    mentions: [],
    forwardedFrom: null,
    attachments: [],
  }
}

/** Puts in what is admitted, up to `count`, and says how much that was. */
function fill(queue: LaneQueue, count: number, entryOf: (index: number) => SendEntry): number {
  for (let index = 0; index < count; index++) {
    const entry = entryOf(index)
    if (!queue.admits(entry)) return index
    queue.push({ entry, since: 0, resolve: () => undefined, reject: () => undefined })
  }
  return count
}

const long = 'x'.repeat(20_000)

test('L10: one account fills neither by bytes nor by count what others need', () => {
  const queue = new LaneQueue()
  const admitted = fill(queue, 1_000, () => send(1, long))
  expect(admitted).toBeGreaterThan(90)
  expect(admitted * 2 * long.length).toBeLessThanOrEqual(queueLimits.bytesPerActor)
  expect(queue.admits(send(1, long))).toBe(false)
  expect(fill(queue, 10_000, () => send(2, ''))).toBe(queueLimits.entriesPerActor)
  expect(queue.admits(send(3, long))).toBe(true)
})

test('L10: all accounts together are bounded by bytes and by count', () => {
  const heavy = new LaneQueue()
  const admitted = fill(heavy, 10_000, index => send(index, long))
  expect(admitted).toBeGreaterThan(1_500)
  expect(admitted * 2 * long.length).toBeLessThanOrEqual(queueLimits.bytes)
  expect(fill(new LaneQueue(), 50_000, index => send(index, ''))).toBe(queueLimits.entries)
})

test('what was taken makes room, and nothing changes its place', () => {
  const queue = new LaneQueue()
  const admitted = fill(queue, 1_000, () => send(1, long))
  const batch = queue.takeBatch()
  expect(fill(queue, 1_000, () => send(1, long))).toBe(batch.length)
  const taken = [...batch]
  while (queue.length > 0) taken.push(...queue.takeBatch())
  expect(taken).toHaveLength(admitted + batch.length)
  const numbers = taken.map(({ entry }) => Number(entry.key.slice(4)))
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  expect(fill(queue, 1_000, () => send(1, long))).toBe(admitted)
  expect(queue.takeAll()).toHaveLength(admitted)
  expect([queue.length, queue.oldest]).toEqual([0, undefined])
  expect(fill(queue, 1_000, () => send(1, long))).toBe(admitted)
})
