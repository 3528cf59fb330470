/** L11: what the node's reader tells of registers is as of a version from which nothing is missing. */
import type { AccountId } from '@recado/protocol'
import { silentLogger } from '@recado/testkit'
import { expect, test } from 'vitest'
import type { BellPage, BellRow } from '../store/bell.ts'
import type { PositionRow } from '../store/registers.ts'
import { FollowedStream } from './followed-stream.ts'
import { type Delivery, NodeReader, type NodeReaderOptions } from './node-reader.ts'

const head = { sequence: 0, micros: 0, ordinal: 0, registers: 1 }

interface Told {
  readonly version: number
  readonly ids: readonly number[]
}

/** A reader that follows one stream, and what it told of its registers. */
function follow(stream: FollowedStream, store: Partial<NodeReaderOptions['store']>) {
  const told: Told[] = []
  const delivery: Delivery = {
    deliverEvent: () => undefined,
    deliverPositions: (_, { version, items }) => told.push({ version, ids: items.map(item => item.accountId) }),
    deliverBell: (_, { version, items }) => told.push({ version, ids: items.map(item => item.id) }),
  }
  const reader = new NodeReader({
    store: store as NodeReaderOptions['store'],
    clock: { now: () => 0, setTimer: () => () => undefined, defer: run => run() },
    logger: silentLogger,
    delivery,
    followed: id => (id === stream.id ? stream : undefined),
  })
  return { reader, told, settled: () => expect.poll(() => reader.isSettled).toBe(true) }
}

test('positions in pages are told as of the first, and what changed in one meanwhile is read again', async () => {
  const stream = new FollowedStream(7, 'conversation', head, 1_000)
  const rows = new Map(Array.from({ length: 700 }, (_, index) => [index + 1, 2]))
  const asked: (readonly [above: number, after: number])[] = []
  const { reader, told, settled } = follow(stream, {
    async readPositions({ above, after, limit }) {
      asked.push([above, after])
      const version = Math.max(...rows.values())
      const changed = [...rows].filter(([id, at]) => id > after && at > above).slice(0, limit)
      const items = changed.map(([id]) => ({ accountId: id as AccountId }) as PositionRow)
      if (asked.length === 1) {
        // Between two pages somebody of the first one moves.
        rows.set(3, 3)
        reader.want(stream.id, 0, 3)
      }
      return { items, version }
    },
  })
  reader.want(stream.id, 0, 2)
  await settled()
  expect(asked).toEqual([
    [1, 0],
    [1, 500],
    [2, 0],
  ])
  expect(told.map(({ version }) => version)).toEqual([2, 2, 3])
  expect(told.at(-1)?.ids).toEqual([3])
  expect(stream.registers).toBe(3)
})

test('a bell of which more changed than is read at once is told page by page, to the end', async () => {
  const stream = new FollowedStream(9, 'account', head, 1)
  const pages: Record<number, BellPage> = {
    1: { items: [{ id: 1 } as BellRow], version: 4, more: true },
    4: { items: [{ id: 2 } as BellRow], version: 6, more: false },
  }
  const { reader, told, settled } = follow(stream, {
    bell: {
      read: async (_, above) => pages[above ?? 0] ?? { items: [], version: 6, more: false },
      readCandidates: async () => ({ lines: [], answers: [] }),
    },
  })
  reader.want(stream.id, 0, 6)
  await settled()
  expect(told).toEqual([
    { version: 4, ids: [1] },
    { version: 6, ids: [2] },
  ])
  expect(stream.registers).toBe(6)
})
