/** History, events, lists and attachments. */
import type { ConversationId, Message } from '@recado/protocol'
import type { HistoryRequest } from '@recado/server/store/store.ts'
import { describe, expect, test } from 'vitest'
import { changeEntry, type Person, type StoreBench, sendEntry } from './store-bench.ts'

export function testReading(getBench: () => StoreBench): void {
  describe('reading', () => {
    testHistory(getBench)
    testEvents(getBench)
    testLists(getBench)
    testAttach(getBench)
  })
}

/** Messages at 2, 3, 4, 6, 7: sequence 1 created the group, 5 added somebody who sees from there on. */
async function conversationWithHole(bench: StoreBench) {
  const [ada, bob] = (await bench.people(2)) as [Person, Person]
  const id = await bench.group(ada)
  await bench.append(sendEntry(id, ada), sendEntry(id, ada), sendEntry(id, ada))
  await bench.add(id, ada, bob)
  await bench.append(sendEntry(id, ada), sendEntry(id, ada))
  return { ada, bob, id }
}

/** Messages at 2, 3, 6 and 7, each at a time of its own: somebody came at 4 and reacted at 5. */
async function conversationInTime(bench: StoreBench) {
  const [ada, bob] = (await bench.people(2)) as [Person, Person]
  const id = await bench.group(ada)
  await bench.append(sendEntry(id, ada))
  await bench.append(sendEntry(id, ada))
  await bench.add(id, ada, bob)
  await bench.append(changeEntry('react', { conversationId: id, target: 3 }, ada, { emoji: '👍' }))
  await bench.append(sendEntry(id, ada))
  await bench.append(sendEntry(id, ada))
  return { id }
}

const sequences = (items: readonly Pick<Message, 'sequence'>[]) => items.map(item => item.sequence)

function testHistory(getBench: () => StoreBench): void {
  const cases: readonly [
    string,
    Omit<HistoryRequest, 'conversationId'>,
    number[],
    'older' | 'newer' | 'both' | 'none',
  ][] = [
    ['the newest', { visibleFrom: 0, from: 'newest', limit: 2 }, [6, 7], 'older'],
    ['all of it', { visibleFrom: 0, from: 'newest', limit: 5 }, [2, 3, 4, 6, 7], 'none'],
    ['before one', { visibleFrom: 0, from: { before: 6 }, limit: 2 }, [3, 4], 'both'],
    ['before one that is no message', { visibleFrom: 0, from: { before: 5 }, limit: 9 }, [2, 3, 4], 'newer'],
    ['before the first', { visibleFrom: 0, from: { before: 2 }, limit: 9 }, [], 'newer'],
    ['after one', { visibleFrom: 0, from: { after: 3 }, limit: 2 }, [4, 6], 'both'],
    ['after nothing', { visibleFrom: 0, from: { after: 0 }, limit: 2 }, [2, 3], 'newer'],
    ['after the group’s creation', { visibleFrom: 0, from: { after: 1 }, limit: 9 }, [2, 3, 4, 6, 7], 'none'],
    ['after the last', { visibleFrom: 0, from: { after: 7 }, limit: 2 }, [], 'older'],
    ['around one', { visibleFrom: 0, from: { around: 4 }, limit: 3 }, [3, 4, 6], 'both'],
    ['around one, even', { visibleFrom: 0, from: { around: 4 }, limit: 2 }, [3, 4], 'both'],
    ['around one, alone', { visibleFrom: 0, from: { around: 4 }, limit: 1 }, [4], 'both'],
    ['around the first', { visibleFrom: 0, from: { around: 2 }, limit: 4 }, [2, 3], 'newer'],
    ['L8: what is visible, newest', { visibleFrom: 5, from: 'newest', limit: 9 }, [6, 7], 'none'],
    ['L8: what is visible, before', { visibleFrom: 5, from: { before: 7 }, limit: 9 }, [6], 'newer'],
    ['L8: what is visible, before all', { visibleFrom: 5, from: { before: 3 }, limit: 9 }, [], 'newer'],
    ['L8: what is visible, after', { visibleFrom: 5, from: { after: 2 }, limit: 1 }, [6], 'newer'],
    ['L8: what is visible, around', { visibleFrom: 5, from: { around: 6 }, limit: 9 }, [6, 7], 'none'],
  ]
  test.each(cases)('history: %s', async (_name, request, expected, more) => {
    const bench = getBench()
    const { id } = await conversationWithHole(bench)
    const page = await bench.store.readHistory({ conversationId: id, ...request })
    expect(sequences(page.items)).toEqual(expected)
    expect({ hasOlder: page.hasOlder, hasNewer: page.hasNewer }).toEqual({
      hasOlder: more === 'older' || more === 'both',
      hasNewer: more === 'newer' || more === 'both',
    })
    expect(page.head).toMatchObject({ sequence: 7, ordinal: 5, registers: 2 })
  })

  test('history around a time: the first message that is not older, however many events lie between', async () => {
    const bench = getBench()
    const { id } = await conversationInTime(bench)
    const { items } = await bench.store.readEvents(id, 0, 9)
    const micros = (sequence: number) => items.find(item => item.sequence === sequence)?.micros ?? Number.NaN
    const around = async (aroundMicros: number, visibleFrom = 0) =>
      sequences(
        (await bench.store.readHistory({ conversationId: id, visibleFrom, from: { aroundMicros }, limit: 2 })).items,
      )
    expect(await around(0)).toEqual([2])
    expect(await around(micros(2))).toEqual([2])
    expect(await around(micros(2) + 1)).toEqual([2, 3])
    expect(await around(micros(4))).toEqual([3, 6])
    expect(await around(micros(6))).toEqual([3, 6])
    expect(await around(micros(7))).toEqual([6, 7])
    expect(await around(micros(7) + 1)).toEqual([7])
    expect(await around(micros(2), 5)).toEqual([6])
    expect(await around(micros(7), 7)).toEqual([7])
  })

  test('history of a conversation without messages', async () => {
    const bench = getBench()
    const id = await bench.group(await bench.person())
    const page = await bench.store.readHistory({ conversationId: id, visibleFrom: 0, from: 'newest', limit: 9 })
    const nothing = { items: [], hasOlder: false, hasNewer: false, head: { sequence: 1 } }
    expect(page).toMatchObject(nothing)
    const timed = { conversationId: id, visibleFrom: 0, from: { aroundMicros: 1 }, limit: 9 }
    expect(await bench.store.readHistory(timed)).toMatchObject(nothing)
  })
}

function testEvents(getBench: () => StoreBench): void {
  test('L1: events come in order, dense, as many as asked, with the head', async () => {
    const bench = getBench()
    const { id } = await conversationWithHole(bench)
    const { items, head } = await bench.store.readEvents(id, 2, 3)
    expect(items.map(item => [item.sequence, item.kind])).toEqual([
      [3, 'message.created'],
      [4, 'message.created'],
      [5, 'member.added'],
    ])
    expect(head.sequence).toBe(7)
    expect((await bench.store.readEvents(id, 7, 3)).items).toEqual([])
    const missing = await bench.store.readEvents((2 ** 42) as ConversationId, 0, 3)
    expect(missing).toEqual({ items: [], head: { sequence: 0, micros: 0, ordinal: 0, registers: 0 } })
  })

  test('L12: an old event brings its target as it is now', async () => {
    const bench = getBench()
    const { ada, bob, id } = await conversationWithHole(bench)
    await bench.append(
      changeEntry('edit', { conversationId: id, target: 6 }, ada, { body: 'newer' }),
      changeEntry('react', { conversationId: id, target: 6 }, bob, { emoji: 'y' }),
      changeEntry('react', { conversationId: id, target: 6 }, bob, { emoji: 'z' }),
    )
    await bench.transact(async transaction => {
      await transaction.lockStreams([id], [])
      await transaction.updateRole(id, bob.id, 'admin')
      await transaction.updateConversation(id, { name: 'renamed' })
    })
    const { items } = await bench.store.readEvents(id, 0, 20)
    const at = (sequence: number) => items.find(item => item.sequence === sequence)?.data
    expect(at(1)).toEqual({ name: 'renamed', description: null, mailFrom: 'members', version: 2 })
    expect(at(5)).toEqual({ accountId: bob.id, role: 'admin', memberCount: 2 })
    expect(at(6)).toEqual(at(8))
    expect(at(6)).toMatchObject({ message: { sequence: 6, body: 'newer', version: 2 } })
    expect(at(9)).toEqual({ sequence: 6, accountId: bob.id, emojis: ['y', 'z'] })
    await bench.remove(id, bob)
    const again = await bench.store.readEvents(id, 4, 1)
    expect(again.items[0]?.data).toEqual({ accountId: bob.id, role: null, memberCount: 1 })
  })

  test('L6, L8: a page for a reader says when the cursor’s event was and from where on the reader sees', async () => {
    const bench = getBench()
    const { ada, bob, id } = await conversationWithHole(bench)
    const stranger = await bench.person()
    const plain = await bench.store.readEvents(id, 3, 20)
    const read = (reader: Person, cursor: number) =>
      bench.store.readEventsAsReader({ stream: id, after: 3, limit: 20, cursor, reader: reader.id })
    const page = await read(ada, 4)
    expect(page).toEqual({ ...plain, cursorMicros: plain.items[0]?.micros, visibleFrom: 0 })
    expect(await read(ada, 8)).toMatchObject({ cursorMicros: null })
    const { visibleFrom } = (await bench.store.findMembership(id, bob.id)) ?? {}
    expect(visibleFrom).toBeGreaterThan(0)
    expect(await read(bob, 4)).toMatchObject({ visibleFrom })
    expect(await read(stranger, 4)).toMatchObject({ visibleFrom: null })
    await bench.send(id, ada, { body: 'only messages' })
    const late = await bench.store.readEventsAsReader({ stream: id, after: 7, limit: 1, cursor: 7, reader: bob.id })
    expect(late).toMatchObject({ visibleFrom, cursorMicros: expect.any(Number), items: [{ kind: 'message.created' }] })
  })
}

function testLists(getBench: () => StoreBench): void {
  test('conversations come by their newest event, in pages, as the member sees them', async () => {
    const bench = getBench()
    const [ada, bob] = (await bench.people(2)) as [Person, Person]
    const ids = [await bench.group(ada, bob), await bench.group(ada, bob), await bench.group(bob, ada)]
    const [first = ids[0], second, third] = ids
    await bench.send(first as ConversationId, ada, { body: 'last' })
    const page = await bench.store.listConversations(bob.id, null, 2)
    expect(page.map(view => view.id)).toEqual([first, third])
    expect(page[0]).toMatchObject({
      kind: 'group',
      memberCount: 2,
      peer: null,
      lastMessage: { body: 'last' },
      me: { role: 'member', read: 0 },
    })
    const last = page.at(-1)
    const rest = await bench.store.listConversations(bob.id, { micros: last?.head.micros ?? 0, id: last?.id ?? 0 }, 2)
    expect(rest.map(view => view.id)).toEqual([second])
    expect(await bench.store.findConversationView(first as ConversationId, (await bench.person()).id)).toBeNull()
  })

  test('L8: the last message is only shown to who may see it', async () => {
    const bench = getBench()
    const [ada, bob] = (await bench.people(2)) as [Person, Person]
    const id = await bench.group(ada)
    await bench.send(id, ada)
    await bench.add(id, ada, bob)
    expect((await bench.store.findConversationView(id, bob.id))?.lastMessage).toBeNull()
    expect((await bench.store.findConversationView(id, ada.id))?.lastMessage?.sequence).toBe(2)
  })

  test('a direct conversation shows its other person, or oneself', async () => {
    const bench = getBench()
    const [ada, bob] = (await bench.people(2)) as [Person, Person]
    const open = (one: Person, two: Person) =>
      bench.transact(async transaction => {
        const people = one === two ? [one] : [one, two]
        const id = await transaction.insertConversation({
          kind: 'direct',
          name: null,
          description: null,
          memberCount: people.length,
        })
        await transaction.insertDirect(one.id, two.id, id)
        await transaction.insertMemberships(
          people.map(person => ({ ...firstMember, conversationId: id, accountId: person.id })),
        )
        return id
      })
    const both = await open(ada, bob)
    expect((await bench.store.findConversationView(both, ada.id))?.peer?.id).toBe(bob.id)
    expect((await bench.store.findConversationView(both, bob.id))?.peer?.id).toBe(ada.id)
    const alone = await open(ada, ada)
    expect((await bench.store.findConversationView(alone, ada.id))?.peer?.id).toBe(ada.id)
  })

  test('members come owners first, then admins, then members, in pages', async () => {
    const bench = getBench()
    const people = (await bench.people(4)) as [Person, Person, Person, Person]
    const [one, two, three, four] = people
    const id = await bench.group(three, one, two, four)
    await bench.transact(transaction => transaction.updateRole(id, four.id, 'admin'))
    const listed = async (after: { rank: number; id: number } | null, limit: number) =>
      (await bench.store.listMembers({ conversationId: id, query: null, after, limit })).map(member => [
        member.person.id,
        member.role,
      ])
    const all = [
      [three.id, 'owner'],
      [four.id, 'admin'],
      [one.id, 'member'],
      [two.id, 'member'],
    ]
    expect(await listed(null, 9)).toEqual(all)
    expect(await listed(null, 2)).toEqual(all.slice(0, 2))
    expect(await listed({ rank: 1, id: four.id }, 9)).toEqual(all.slice(2))
    expect(await listed({ rank: 2, id: one.id }, 9)).toEqual(all.slice(3))
  })

  test('members are found by the beginning of words of their names, in the same order and in pages', async () => {
    const bench = getBench()
    const named: Person[] = []
    for (const name of ['zoe ana', 'Ánalyn', 'bob', 'hanako']) named.push(await bench.person(`${name} finds`))
    const [one, two, three, four] = named as [Person, Person, Person, Person]
    const id = await bench.group(three, two, one, four)
    const found = async (query: string, after: { rank: number; id: number } | null = null, limit = 9) =>
      (await bench.store.listMembers({ conversationId: id, query, after, limit })).map(member => member.person.id)
    const both = [one.id, two.id].toSorted((a, b) => a - b)
    expect(await found('ANA')).toEqual(both)
    expect(await found('ana', null, 1)).toEqual(both.slice(0, 1))
    expect(await found('ana', { rank: 2, id: both[0] ?? 0 })).toEqual(both.slice(1))
    expect(await found('ana zoe')).toEqual([one.id])
    expect(await found('finds')).toHaveLength(4)
    expect(await found("'")).toEqual([])
    expect(await found(' ')).toHaveLength(4)
    await bench.remove(id, one)
    expect(await found('ana')).toEqual([two.id])
  })
}

const firstMember = { role: 'member', visibleFrom: 0, joinedSequence: 1, read: 0, readOrdinal: 0 } as const

function testAttach(getBench: () => StoreBench): void {
  test('L5: an attachment holds account, sessions, conversations and heads of one moment', async () => {
    const bench = getBench()
    const { ada, bob, id } = await conversationWithHole(bench)
    await bench.move(id, ada, { read: 2 })
    const attachments = await bench.store.attach([bob.id, ada.id, (2 ** 43) as never])
    expect([...attachments.keys()].sort()).toEqual([ada.id, bob.id].sort())
    expect(attachments.get(bob.id)).toMatchObject({
      account: { id: bob.id },
      head: { sequence: 1 },
      sessionIds: [bob.sessionId],
      conversations: [{ id, kind: 'group', peerId: null, memberCount: 2, visibleFrom: 5 }],
    })
    const [conversation] = attachments.get(ada.id)?.conversations ?? []
    expect(conversation?.head).toMatchObject({ sequence: 7, ordinal: 5, registers: 3 })
    await bench.remove(id, bob)
    expect((await bench.store.attach([bob.id])).get(bob.id)?.conversations).toEqual([])
  })
}
