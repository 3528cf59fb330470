/** Positions and the bell (L11). */
import type { NewBellRow } from '@recado/server/store/bell.ts'
import type { PositionRow } from '@recado/server/store/registers.ts'
import { describe, expect, test } from 'vitest'
import { type Person, type StoreBench, sendEntry } from './store-bench.ts'

export function testRegisters(getBench: () => StoreBench): void {
  describe('registers', () => {
    testPositions(getBench)
    testOwnPosition(getBench)
    testReceipts(getBench)
    testBell(getBench)
    testAnswers(getBench)
    testLeaving(getBench)
    testCandidates(getBench)
  })
}

/** A row of somebody who shows what was read, of which more than that moved. */
function position({ id }: Person, delivered: number, read: number): PositionRow {
  return { accountId: id, delivered, read, readReceipts: 'shown', deliveredMoved: true }
}

async function groupOfTwo(bench: StoreBench) {
  const [ada, bob] = (await bench.people(2)) as [Person, Person]
  return { ada, bob, group: await bench.group(ada, bob) }
}

function testPositions(getBench: () => StoreBench): void {
  test('L11: positions never move back, stay below the head, and take the group’s next version', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    for (let sent = 0; sent < 3; sent++) await bench.send(group, ada)
    const first = await bench.move(group, bob, { delivered: 4, read: 3 })
    expect(first.changed.positions).toEqual([{ conversationId: group, version: 2, items: [position(bob, 4, 3)] }])
    expect(first.commit?.registers).toEqual([{ group, version: 2 }])
    const back = await bench.move(group, bob, { delivered: 2, read: 1 })
    expect(back).toEqual({ changed: { positions: [], bells: [], mails: [] }, commit: null })
    const beyond = await bench.move(group, bob, { delivered: 99, read: 98 })
    expect(beyond.changed.positions[0]?.items).toEqual([position(bob, 5, 5)])
    const view = await bench.store.findConversationView(group, bob.id)
    expect(view?.me).toMatchObject({ delivered: 5, read: 5, readOrdinal: 3 })
    expect(view?.head.registers).toBe(3)
  })

  test('L11: what is read was delivered; the read ordinal counts messages only', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    await bench.send(group, ada)
    await bench.add(group, ada, await bench.person())
    await bench.move(group, bob, { read: 4 })
    expect((await bench.store.findConversationView(group, bob.id))?.me).toMatchObject({
      delivered: 4,
      read: 4,
      readOrdinal: 1,
    })
  })

  test('L11: who joins has a position that takes the next version, and who was there is not told of again', async () => {
    const bench = getBench()
    const { ada, group } = await groupOfTwo(bench)
    await bench.send(group, ada)
    const before = await bench.store.readPositions({ conversationId: group, above: 0, after: 0, limit: 9 })
    const eve = await bench.person()
    const since = await bench.store.readVector()
    const joined = await bench.add(group, ada, eve)
    const after = await bench.store.readPositions({ conversationId: group, above: before.version, after: 0, limit: 9 })
    const items = [position(eve, joined - 1, joined - 1)]
    expect(after).toEqual({ version: before.version + 1, items })
    const [commit] = await bench.commitsSince(since)
    expect(commit?.registers).toEqual([{ group, version: after.version }])
  })

  test('who is no member has no position to move', async () => {
    const bench = getBench()
    const { group } = await groupOfTwo(bench)
    const eve = await bench.person()
    expect((await bench.move(group, eve, { read: 1 })).commit).toBeNull()
    expect(
      (await bench.store.readPositions({ conversationId: group, above: 0, after: 0, limit: 9 })).items,
    ).toHaveLength(2)
  })

  test('L11: several rows of a group share the version of their transaction, and are read above one', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const other = await bench.group(bob)
    await bench.move(group, ada, { delivered: 1 })
    const { changed } = await bench.writer.movePositions([
      { conversationId: group, accountId: ada.id, delivered: 2, read: 2 },
      { conversationId: group, accountId: bob.id, delivered: 2, read: 0 },
      { conversationId: other, accountId: bob.id, delivered: 1, read: 1 },
    ])
    expect(
      changed.positions.map(({ conversationId, version, items }) => [conversationId, version, items.length]),
    ).toEqual([
      [group, 3, 2],
      [other, 2, 1],
    ])
    await bench.move(group, bob, { delivered: 2, read: 1 })
    const above = await bench.store.readPositions({ conversationId: group, above: 3, after: 0, limit: 9 })
    expect(above).toEqual({ version: 4, items: [{ ...position(bob, 2, 1), deliveredMoved: false }] })
    const all = await bench.store.readPositions({ conversationId: group, above: 0, after: 0, limit: 1 })
    expect(all.items.map(item => item.accountId)).toEqual([ada.id])
    const rest = await bench.store.readPositions({ conversationId: group, above: 0, after: ada.id, limit: 9 })
    expect(rest.items.map(item => item.accountId)).toEqual([bob.id])
  })
}

function testOwnPosition(getBench: () => StoreBench): void {
  test('L11: unread is the head’s ordinal minus the read ordinal, and one’s own send moves one’s own position', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    await bench.append(sendEntry(group, ada), sendEntry(group, ada), sendEntry(group, bob), sendEntry(group, ada))
    const views = [
      await bench.store.findConversationView(group, ada.id),
      await bench.store.findConversationView(group, bob.id),
    ]
    expect(views.map(view => (view ? view.head.ordinal - view.me.readOrdinal : null))).toEqual([0, 1])
    expect(views[1]?.me).toMatchObject({ delivered: 5, read: 5, readOrdinal: 3 })
    const { items } = await bench.store.readPositions({ conversationId: group, above: 0, after: 0, limit: 9 })
    expect(items).toEqual([position(ada, 6, 6), position(bob, 5, 5)])
  })

  test('L8: who joins has nothing unread from before', async () => {
    const bench = getBench()
    const { ada, group } = await groupOfTwo(bench)
    await bench.send(group, ada)
    const eve = await bench.person()
    const joined = await bench.add(group, ada, eve)
    await bench.send(group, ada)
    const view = await bench.store.findConversationView(group, eve.id)
    expect(view?.me).toMatchObject({ visibleFrom: joined, read: joined - 1, readOrdinal: 1 })
    expect(view?.head.ordinal).toBe(2)
  })
}

function testReceipts(getBench: () => StoreBench): void {
  test('C5: a row says whether its owner shows what was read, and whether more than that moved', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const hide = (to: 'shown' | 'hidden') =>
      bench.transact(transaction => transaction.accounts.setReadReceipts(bob.id, to))
    for (let sent = 0; sent < 3; sent++) await bench.send(group, ada)
    expect([await hide('hidden'), await hide('hidden')]).toEqual(['changed', 'same'])
    expect(await bench.store.accounts.findAccount(bob.id)).toMatchObject({ readReceipts: false })
    const moved = async (to: { delivered?: number; read?: number }) =>
      (await bench.move(group, bob, to)).changed.positions
    const hidden = { ...position(bob, 4, 0), readReceipts: 'hidden' }
    expect(await moved({ delivered: 4 })).toMatchObject([{ version: 2, items: [hidden] }])
    expect(await moved({ read: 3 })).toMatchObject([
      { version: 3, items: [{ ...hidden, read: 3, deliveredMoved: false }] },
    ])
    const above = async (version: number) =>
      (await bench.store.readPositions({ conversationId: group, above: version, after: ada.id, limit: 9 })).items
    expect(await above(2)).toEqual([{ ...hidden, read: 3, deliveredMoved: false }])
    expect(await above(1)).toEqual([{ ...hidden, read: 3 }])
    expect(await above(0)).toEqual([{ ...hidden, read: 3 }])
    expect(await hide('shown')).toBe('changed')
    expect(await moved({ read: 5 })).toMatchObject([{ items: [position(bob, 5, 5)] }])
  })
}

function bellRow(group: NewBellRow['conversationId'], of: Person, from: Person, sequence: number): NewBellRow {
  return { accountId: of.id, kind: 'mention', conversationId: group, sequence, actorId: from.id, micros: 5 }
}

function testBell(getBench: () => StoreBench): void {
  test('a line is written once, however often it comes', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const sequence = await bench.send(group, ada)
    const row = bellRow(group, bob, ada, sequence)
    const first = await bench.side.transact(transaction => transaction.bell.ring({ lines: [row], answers: [] }))
    expect(first.changed.bells).toMatchObject([
      { accountId: bob.id, version: 1, items: [{ sequence, cleared: false }] },
    ])
    expect(first.commit?.registers).toEqual([{ group: bob.id, version: 1 }])
    const again = await bench.side.transact(transaction =>
      transaction.bell.ring({ lines: [row, { ...row, kind: 'reply' }], answers: [] }),
    )
    expect(again.changed.bells).toMatchObject([{ version: 2, items: [{ kind: 'reply' }] }])
    const last = await bench.side.transact(transaction => transaction.bell.ring({ lines: [row], answers: [] }))
    expect(last).toMatchObject({ commit: null, changed: { bells: [] } })
    expect((await bench.store.bell.read(bob.id, null, 9)).items.map(item => item.kind)).toEqual(['reply', 'mention'])
  })

  test('what changed is read in pages that never part what one transaction changed', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const ring = async (count: number) => {
      const lines: NewBellRow[] = []
      for (let each = 0; each < count; each += 1) lines.push(bellRow(group, bob, ada, await bench.send(group, ada)))
      await bench.transact(transaction => transaction.bell.ring({ lines, answers: [] }))
      return lines.map(({ sequence }) => sequence).reverse()
    }
    const [first, second, third] = [await ring(3), await ring(1), await ring(2)]
    const read = async (above: number, limit: number) => {
      const { items, ...page } = await bench.store.bell.read(bob.id, above, limit)
      return { ...page, lines: items.map(item => item.sequence) }
    }
    expect(await read(0, 2)).toEqual({ lines: first, version: 1, more: true })
    expect(await read(0, 3)).toEqual({ lines: first, version: 1, more: true })
    expect(await read(0, 4)).toEqual({ lines: [...second, ...first], version: 2, more: true })
    expect(await read(2, 1)).toEqual({ lines: third, version: 3, more: false })
    expect(await read(0, 9)).toEqual({ lines: [...third, ...second, ...first], version: 3, more: false })
    expect(await read(3, 9)).toEqual({ lines: [], version: 3, more: false })
    const { items, ...open } = await bench.store.bell.read(bob.id, null, 2)
    expect({ ...open, lines: items.map(item => item.sequence) }).toEqual({ lines: third, version: 3, more: false })
  })

  test('reading clears the bell up to there, in the same transaction', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const [one, two] = [await bench.send(group, ada), await bench.send(group, ada)]
    await bench.transact(transaction =>
      transaction.bell.ring({ lines: [bellRow(group, bob, ada, one), bellRow(group, bob, ada, two)], answers: [] }),
    )
    const { changed, commit } = await bench.move(group, bob, { read: one })
    expect(changed.bells).toMatchObject([{ accountId: bob.id, version: 2, items: [{ sequence: one, cleared: true }] }])
    expect(commit?.registers).toContainEqual({ group: bob.id, version: 2 })
    expect((await bench.store.bell.read(bob.id, null, 9)).items.map(item => item.sequence)).toEqual([two])
    expect((await bench.store.bell.read(bob.id, 1, 9)).items).toMatchObject([{ sequence: one, cleared: true }])
  })

  test('a line of what was read before it came is cleared from the start', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const sequence = await bench.send(group, ada)
    await bench.move(group, bob, { read: sequence })
    await bench.transact(transaction =>
      transaction.bell.ring({ lines: [bellRow(group, bob, ada, sequence)], answers: [] }),
    )
    expect((await bench.store.bell.read(bob.id, null, 9)).items).toEqual([])
    expect((await bench.store.bell.read(bob.id, 0, 9)).items).toMatchObject([{ cleared: true }])
  })

  test('the bell is cleared for one conversation, or for all', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const other = await bench.group(ada, bob)
    const rows = [bellRow(group, bob, ada, 1), bellRow(other, bob, ada, 1), bellRow(group, ada, bob, 1)]
    await bench.transact(transaction => transaction.bell.ring({ lines: rows, answers: [] }))
    const one = await bench.side.transact(transaction => transaction.bell.clear(bob.id, group))
    expect(one.changed.bells).toMatchObject([{ accountId: bob.id, version: 2, items: [{ conversationId: group }] }])
    await bench.transact(transaction => transaction.bell.clear(bob.id, null))
    expect((await bench.store.bell.read(bob.id, null, 9)).items).toEqual([])
    expect((await bench.store.bell.read(ada.id, null, 9)).items).toHaveLength(1)
    const nothing = await bench.side.transact(transaction => transaction.bell.clear(bob.id, null))
    expect(nothing.commit).toBeNull()
  })
}

function testAnswers(getBench: () => StoreBench): void {
  test('N1: writing clears the author’s lines up to there: for readers at once, for the log in the tail’s transaction', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const other = await bench.group(ada, bob)
    const [one, elsewhere] = [await bench.send(group, ada), await bench.send(other, ada)]
    const lines = [bellRow(group, bob, ada, one), bellRow(other, bob, ada, elsewhere)]
    await bench.transact(transaction => transaction.bell.ring({ lines, answers: [] }))
    const answer = await bench.send(group, bob)
    const later = await bench.send(group, ada)
    await bench.transact(({ bell }) => bell.ring({ lines: [bellRow(group, bob, ada, later)], answers: [] }))
    const open = async () => (await bench.store.bell.read(bob.id, null, 9)).items.map(item => item.sequence)
    expect(await open()).toEqual([later, elsewhere])
    const moved = [{ stream: group, from: answer - 1, to: later }]
    const { answers } = await bench.store.bell.readCandidates(moved)
    expect(answers).toEqual([{ accountId: bob.id, conversationId: group, sequence: answer }])
    const { changed, commit } = await bench.side.transact(({ bell }) => bell.ring({ lines: [], answers }))
    expect(changed.bells).toMatchObject([{ accountId: bob.id, version: 3, items: [{ sequence: one, cleared: true }] }])
    expect(commit?.registers).toEqual([{ group: bob.id, version: 3 }])
    expect(await open()).toEqual([later, elsewhere])
    expect((await bench.store.bell.readCandidates(moved)).answers).toEqual([])
    expect(await bench.side.transact(({ bell }) => bell.ring({ lines: [], answers }))).toMatchObject({ commit: null })
  })

  test('N1: a line of what was answered before it came is cleared from the start', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const [one, , three] = [await bench.send(group, ada), await bench.send(group, bob), await bench.send(group, ada)]
    const lines = [bellRow(group, bob, ada, one), bellRow(group, bob, ada, three)]
    const { changed } = await bench.side.transact(({ bell }) => bell.ring({ lines, answers: [] }))
    expect(changed.bells[0]?.items.map(item => [item.sequence, item.cleared])).toEqual([
      [one, true],
      [three, false],
    ])
  })

  test('L11: lines that come and lines that are answered take one version of the bell', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const [one, own, two] = [await bench.send(group, ada), await bench.send(group, bob), await bench.send(group, ada)]
    const answer = { accountId: bob.id, conversationId: group, sequence: own }
    await bench.transact(({ bell }) => bell.ring({ lines: [bellRow(group, bob, ada, 1)], answers: [] }))
    const lines = [bellRow(group, bob, ada, one), bellRow(group, bob, ada, two)]
    const { changed } = await bench.side.transact(({ bell }) => bell.ring({ lines, answers: [answer] }))
    expect(changed.bells).toMatchObject([{ version: 2 }])
    expect((await bench.store.bell.read(bob.id, null, 9)).items.map(item => item.sequence)).toEqual([two])
  })
}

function testLeaving(getBench: () => StoreBench): void {
  test('L8: who left, or sees only what came later, gets no line of what was found before', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const sequence = await bench.send(group, ada, { mentions: [bob.id] })
    const { lines } = await bench.store.bell.readCandidates([{ stream: group, from: sequence - 1, to: sequence }])
    expect(lines).toHaveLength(1)
    const ring = async () =>
      (await bench.side.transact(({ bell }) => bell.ring({ lines, answers: [] }))).changed.bells.length
    await bench.remove(group, bob)
    expect(await ring()).toBe(0)
    await bench.add(group, ada, bob)
    expect(await ring()).toBe(0)
    const again = await bench.send(group, ada, { mentions: [bob.id] })
    const later = await bench.store.bell.readCandidates([{ stream: group, from: sequence - 1, to: again }])
    const { changed } = await bench.side.transact(({ bell }) => bell.ring(later))
    const rung = changed.bells.flatMap(bell => bell.items.map(item => [item.kind, item.sequence]))
    expect(rung.sort()).toEqual([
      ['invitation', again - 1],
      ['mention', again],
    ])
  })
}

function testCandidates(getBench: () => StoreBench): void {
  test('L8: the bell rings for members who are named and may see it, never for the author', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const [late, stranger] = (await bench.people(2)) as [Person, Person]
    const mentions = [ada.id, bob.id, late.id, stranger.id]
    const early = await bench.send(group, ada, { mentions })
    const joined = await bench.add(group, ada, late)
    const reply = await bench.send(group, bob, { replyTo: early, mentions: [late.id] })
    const both = await bench.send(group, bob, { replyTo: early, mentions: [ada.id] })
    const own = await bench.send(group, ada, { replyTo: early, mentions: [ada.id] })
    const { lines: rows } = await bench.store.bell.readCandidates([{ stream: group, from: 2, to: own }])
    const named = rows.map(row => [row.sequence, row.kind, row.accountId])
    expect(named.sort((a, b) => Number(a[0]) - Number(b[0]) || Number(a[2]) - Number(b[2]))).toEqual([
      [early, 'mention', bob.id],
      [joined, 'invitation', late.id],
      [reply, 'reply', ada.id],
      [reply, 'mention', late.id],
      [both, 'mention', ada.id],
    ])
  })

  test('an answer counts for lines that are found with it, whoever has written them by then', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const named = await bench.send(group, ada, { mentions: [bob.id] })
    const answer = await bench.send(group, bob)
    const ask = (from: number) => bench.store.bell.readCandidates([{ stream: group, from, to: answer }])
    const found = await ask(named - 1)
    expect(found.lines).toHaveLength(1)
    expect(found.answers).toEqual([{ accountId: bob.id, conversationId: group, sequence: answer }])
    expect((await ask(named)).answers).toEqual([])
  })

  test('only within the range, and not for what was deleted or who left', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupOfTwo(bench)
    const one = await bench.send(group, ada, { mentions: [bob.id] })
    const two = await bench.send(group, ada, { mentions: [bob.id] })
    const ask = (from: number, to: number) => bench.store.bell.readCandidates([{ stream: group, from, to }])
    expect((await ask(one, two)).lines.map(row => row.sequence)).toEqual([two])
    await bench.remove(group, bob)
    expect((await ask(0, two)).lines).toEqual([])
  })
}
