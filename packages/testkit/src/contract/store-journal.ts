/** The commit journal and the tail's cursors. */
import { describe, expect, test } from 'vitest'
import { changeEntry, type Person, type StoreBench, sendEntry } from './store-bench.ts'

export function testJournal(getBench: () => StoreBench): void {
  describe('the journal', () => {
    testRows(getBench)
    testWriters(getBench)
    testTail(getBench)
  })
}

function testRows(getBench: () => StoreBench): void {
  test('L4: every commit has one row, numbered densely per writer, naming what it moved', async () => {
    const bench = getBench()
    const [ada, bob] = (await bench.people(2)) as [Person, Person]
    const [one, other] = [await bench.group(ada, bob), await bench.group(ada)]
    const before = await bench.store.readVector()
    const sent = await bench.writer.appendBatch([sendEntry(one, ada), sendEntry(other, ada), sendEntry(one, bob)])
    const changed = await bench.writer.appendBatch([
      changeEntry('react', { conversationId: one, target: 3 }, bob, { emoji: 'x' }),
    ])
    const refused = await bench.writer.appendBatch([sendEntry(other, bob)])
    const moved = await bench.move(one, bob, { read: 4 })
    const number = before.get(bench.writer.slot) ?? 0
    const commits = await bench.commitsSince(before)
    expect(
      commits.map(commit => ({ ...commit, streams: [...commit.streams].sort((a, b) => a.stream - b.stream) })),
    ).toEqual([
      {
        writer: bench.writer.slot,
        number: number + 1,
        streams: [
          { stream: one, from: 2, to: 4 },
          { stream: other, from: 1, to: 2 },
        ],
        registers: [],
      },
      { writer: bench.writer.slot, number: number + 2, streams: [{ stream: one, from: 4, to: 5 }], registers: [] },
      { writer: bench.writer.slot, number: number + 3, streams: [], registers: [{ group: one, version: 2 }] },
    ])
    expect([sent.commit?.number, changed.commit?.number, refused.commit, moved.commit?.number]).toEqual([
      number + 1,
      number + 2,
      null,
      number + 3,
    ])
    expect(sent.commit && commits[0] && sameCommit(sent.commit, commits[0])).toBe(true)
  })

  test('a batch that repeats what is known moves nothing and leaves no row', async () => {
    const bench = getBench()
    const ada = await bench.person()
    const group = await bench.group(ada)
    const entry = sendEntry(group, ada)
    await bench.append(entry)
    const before = await bench.store.readVector()
    expect((await bench.writer.appendBatch([entry])).commit).toBeNull()
    expect(await bench.store.readVector()).toEqual(before)
  })

  test('is read in pages of each writer, in order', async () => {
    const bench = getBench()
    const ada = await bench.person()
    const group = await bench.group(ada)
    const before = await bench.store.readVector()
    for (let sent = 0; sent < 3; sent++) await bench.send(group, ada)
    await bench.add(group, ada, await bench.person())
    const page = await bench.store.readJournal(before, 2)
    const numbers = page.filter(commit => commit.writer === bench.writer.slot).map(commit => commit.number)
    const number = before.get(bench.writer.slot) ?? 0
    expect(numbers).toEqual([number + 1, number + 2])
    expect(page.filter(commit => commit.writer === bench.side.slot)).toHaveLength(2)
  })
}

function sameCommit(a: { streams: readonly unknown[] }, b: { streams: readonly unknown[] }): boolean {
  const inOrder = (streams: readonly unknown[]) => streams.map(stream => JSON.stringify(stream)).sort()
  return JSON.stringify(inOrder(a.streams)) === JSON.stringify(inOrder(b.streams))
}

function testWriters(getBench: () => StoreBench): void {
  test('L2: each writer holds a slot of its own, and who takes a slot over goes on with its numbers', async () => {
    const bench = getBench()
    const ada = await bench.person()
    const group = await bench.group(ada)
    const first = await bench.store.openWriter()
    expect(new Set([first.slot, bench.writer.slot, bench.side.slot]).size).toBe(3)
    const one = await first.appendBatch([sendEntry(group, ada)])
    await first[Symbol.asyncDispose]()
    await using second = await bench.store.openWriter()
    expect(second.slot).toBe(first.slot)
    const two = await second.appendBatch([sendEntry(group, ada)])
    expect(two.commit?.number).toBe((one.commit?.number ?? 0) + 1)
  })

  test('L2: the journal tells whether an attempt was committed', async () => {
    const bench = getBench()
    const attempt = { slot: bench.writer.slot, number: 1, incarnation: -1, process: 0 }
    const { writer, committed } = await bench.store.recoverWriter(attempt)
    await writer[Symbol.asyncDispose]()
    expect(committed).toBe(false)
  })
}

function testTail(getBench: () => StoreBench): void {
  test('a consumer’s cursor moves with its transaction, per writer, and never back', async () => {
    const bench = getBench()
    const read = () => bench.store.tail.readCursor('test')
    expect(await read()).toBeNull()
    await bench.transact(transaction => transaction.tail.move('test', new Map([[1, 5]])))
    await bench.transact(transaction =>
      transaction.tail.move(
        'test',
        new Map([
          [1, 3],
          [2, 7],
        ]),
      ),
    )
    const expected = new Map([
      [1, 5],
      [2, 7],
    ])
    expect(await read()).toEqual(expected)
    const failing = bench.side.transact(async transaction => {
      await transaction.tail.move('test', new Map([[1, 50]]))
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    expect(await read()).toEqual(expected)
  })

  test('a consumer’s work is one holder’s at a time, who may renew it, until it ends or was not committed', async () => {
    const bench = getBench()
    const lease = (holder: string, forMs: number) => bench.transact(({ tail }) => tail.lease('work', holder, forMs))
    const left = (holder: string) => bench.store.tail.readLease('work', holder)
    expect(await left('one')).toBe(0)
    expect([await lease('one', 60_000), await lease('two', 60_000)]).toEqual([true, false])
    expect([await left('one'), (await left('two')) > 30_000]).toEqual([0, true])
    expect(await lease('one', 0)).toBe(true)
    await expect.poll(() => left('two')).toBe(0)
    const failing = bench.transact(async ({ tail }) => {
      expect(await tail.lease('work', 'two', 60_000)).toBe(true)
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    expect([await lease('three', 60_000), await lease('two', 60_000)]).toEqual([true, false])
    expect(await bench.transact(({ tail }) => tail.lease('other work', 'two', 1))).toBe(true)
  })

  test('pruning keeps what a consumer has not passed, and each writer’s newest row', async () => {
    const bench = getBench()
    const ada = await bench.person()
    const group = await bench.group(ada)
    for (let sent = 0; sent < 3; sent++) await bench.send(group, ada)
    const newest = (await bench.store.readVector()).get(bench.writer.slot) ?? 0
    await bench.transact(transaction => transaction.tail.move('test', new Map([[bench.writer.slot, newest - 1]])))
    await bench.store.pruneJournal(Number.MAX_SAFE_INTEGER)
    const left = (await bench.store.readJournal(new Map(), 10_000)).filter(
      commit => commit.writer === bench.writer.slot,
    )
    expect(left.map(commit => commit.number)).toEqual([newest])
    await bench.transact(transaction => transaction.tail.move('test', new Map([[bench.writer.slot, newest]])))
    await bench.store.pruneJournal(Number.MAX_SAFE_INTEGER)
    expect((await bench.store.readVector()).get(bench.writer.slot)).toBe(newest)
  })
}
