/** Sends, edits, deletions, reactions: order, keys, refusals. */
import { limits } from '@recado/protocol'
import type { AppendOutcome } from '@recado/server/store/appending.ts'
import { describe, expect, test } from 'vitest'
import { changeEntry, type StoreBench, sendEntry } from './store-bench.ts'

const refused = (code: string) => ({ outcome: 'refused', code })

export function testAppending(getBench: () => StoreBench): void {
  describe('appending', () => {
    testOrder(getBench)
    testKeys(getBench)
    testSendRefusals(getBench)
    testChanges(getBench)
    testChangeRefusals(getBench)
  })
}

function testOrder(getBench: () => StoreBench): void {
  test('L1: sequences and ordinals are dense and in the order of the batch, per stream', async () => {
    const bench = getBench()
    const [ada, bob] = await twoPeople(bench)
    const [one, other] = [await bench.group(ada, bob), await bench.group(bob, ada)]
    const outcomes = await bench.append(
      sendEntry(one, ada),
      sendEntry(other, bob),
      sendEntry(one, bob),
      sendEntry(one, ada),
    )
    expect(outcomes.map(places)).toEqual([
      ['appended', 3, 1],
      ['appended', 3, 1],
      ['appended', 4, 2],
      ['appended', 5, 3],
    ])
    await bench.append(changeEntry('react', { conversationId: one, target: 4 }, ada, { emoji: '👍' }))
    const [next] = await bench.append(sendEntry(one, ada))
    expect(next && places(next)).toEqual(['appended', 7, 4])
  })

  test('L1: times never go back within a stream, message ids never repeat', async () => {
    const bench = getBench()
    const [ada, bob] = await twoPeople(bench)
    const group = await bench.group(ada, bob)
    const outcomes = await bench.append(...Array.from({ length: 20 }, () => sendEntry(group, ada)))
    const written = outcomes.flatMap(outcome => (outcome.outcome === 'refused' ? [] : [outcome]))
    expect(written.every((outcome, index) => outcome.micros >= (written[index - 1]?.micros ?? 0))).toBe(true)
    expect(new Set(written.map(outcome => outcome.id)).size).toBe(20)
  })
}

function places(outcome: AppendOutcome): unknown[] {
  return outcome.outcome === 'refused' ? [outcome.code] : [outcome.outcome, outcome.sequence, outcome.ordinal]
}

function testKeys(getBench: () => StoreBench): void {
  test('L3: the same key again gets the first result, whole', async () => {
    const bench = getBench()
    const [ada] = await twoPeople(bench)
    const group = await bench.group(ada)
    const entry = sendEntry(group, ada)
    const [first] = await bench.append(entry)
    const [again] = await bench.append(entry)
    expect(again).toEqual({ ...first, outcome: 'known' })
    const edit = changeEntry('edit', { conversationId: group, target: 2 }, ada, { body: 'other' })
    const [edited] = await bench.append(edit)
    expect((await bench.append(edit))[0]).toEqual({ ...edited, outcome: 'known' })
    expect((await bench.store.readEvents(group, 0, 10)).head).toMatchObject({ sequence: 3, ordinal: 1 })
  })

  test('L3: a key is looked up before membership: the retry of who was removed gets the first result', async () => {
    const bench = getBench()
    const [ada, bob] = await twoPeople(bench)
    const group = await bench.group(ada, bob)
    const entry = sendEntry(group, bob)
    const [first] = await bench.append(entry)
    await bench.remove(group, bob)
    expect(await bench.append(entry, sendEntry(group, bob))).toEqual([
      { ...first, outcome: 'known' },
      refused('not-found'),
    ])
  })

  test('L3: a key with other content is refused, and is free for others and elsewhere', async () => {
    const bench = getBench()
    const [ada, bob] = await twoPeople(bench)
    const [group, elsewhere] = [await bench.group(ada, bob), await bench.group(ada, bob)]
    const key = 'the-key'
    const outcomes = [
      await bench.append(sendEntry(group, ada, { key, body: 'one' })),
      await bench.append(sendEntry(group, ada, { key, body: 'two' })),
      await bench.append(changeEntry('delete', { conversationId: group, target: 3 }, ada, { key })),
      await bench.append(sendEntry(group, bob, { key, body: 'three' })),
      await bench.append(sendEntry(elsewhere, ada, { key, body: 'four' })),
    ]
    expect(outcomes.flat().map(places)).toEqual([
      ['appended', 3, 1],
      ['key-reused'],
      ['key-reused'],
      ['appended', 4, 2],
      ['appended', 3, 1],
    ])
  })

  test('L3: a key is one key whatever it stands for: a message, a change, or the work of a transaction', async () => {
    const bench = getBench()
    const [ada] = await twoPeople(bench)
    const group = await bench.group(ada)
    const place = { conversationId: group, target: 2 }
    const outcomes = [
      await bench.append(sendEntry(group, ada, { key: 'sent' })),
      await bench.append(changeEntry('react', place, ada, { key: 'reacted', emoji: '👍' })),
      await bench.append(changeEntry('react', place, ada, { key: 'sent', emoji: '👎' })),
      await bench.append(sendEntry(group, ada, { key: 'reacted' })),
    ]
    expect(outcomes.flat().map(places)).toEqual([
      ['appended', 2, 1],
      ['appended', 3, 0],
      ['key-reused'],
      ['key-reused'],
    ])
    const found = await bench.transact(async transaction => [
      await transaction.findByKey(group, ada.id, 'sent'),
      await transaction.findByKey(group, ada.id, 'reacted'),
    ])
    expect(found).toMatchObject([{ sequence: 2 }, { sequence: 3 }])
    expect(await bench.store.findSent(group, ada.id, 'sent')).toMatchObject({ sequence: 2, ordinal: 1 })
    expect(await bench.store.findSent(group, ada.id, 'reacted')).toBeNull()
  })
}

function testSendRefusals(getBench: () => StoreBench): void {
  test('L8: who is no member is refused, alone in its batch, and leaves nothing', async () => {
    const bench = getBench()
    const [ada, eve] = await twoPeople(bench)
    const group = await bench.group(ada)
    const outcomes = await bench.append(sendEntry(group, ada), sendEntry(group, eve), sendEntry(group, ada))
    expect(outcomes.map(places)).toEqual([['appended', 2, 1], ['not-found'], ['appended', 3, 2]])
    expect((await bench.store.readEvents(group, 0, 10)).items).toHaveLength(3)
  })

  test('a conversation that does not exist is refused', async () => {
    const bench = getBench()
    const [ada] = await twoPeople(bench)
    const nowhere = 2 ** 40
    expect(await bench.append(sendEntry(nowhere as never, ada))).toEqual([refused('not-found')])
    expect(await bench.append(changeEntry('delete', { conversationId: nowhere as never, target: 1 }, ada))).toEqual([
      refused('not-found'),
    ])
  })

  test('L8: an answer to what does not exist or may not be seen is refused', async () => {
    const bench = getBench()
    const [ada, bob] = await twoPeople(bench)
    const group = await bench.group(ada)
    const before = await bench.send(group, ada)
    const joined = await bench.add(group, ada, bob)
    const after = await bench.send(group, ada)
    const outcomes = await bench.append(
      sendEntry(group, bob, { replyTo: before }),
      sendEntry(group, ada, { replyTo: before }),
      sendEntry(group, bob, { replyTo: after }),
      sendEntry(group, ada, { replyTo: joined }),
      sendEntry(group, ada, { replyTo: 99 }),
    )
    expect(outcomes.map(places)).toEqual([
      ['not-found'],
      ['appended', 5, 3],
      ['appended', 6, 4],
      ['not-found'],
      ['not-found'],
    ])
    expect(await bench.store.findMessage(group, 5)).toMatchObject({ replyTo: before })
  })

  test('mentions are kept as they came', async () => {
    const bench = getBench()
    const [ada, bob] = await twoPeople(bench)
    const group = await bench.group(ada, bob)
    const sequence = await bench.send(group, ada, { mentions: [bob.id, ada.id] })
    expect(await bench.store.findMessage(group, sequence)).toMatchObject({ mentions: [bob.id, ada.id] })
  })
}

function testChanges(getBench: () => StoreBench): void {
  test('an edit makes a version and keeps the earlier ones', async () => {
    const bench = getBench()
    const [ada] = await twoPeople(bench)
    const conversationId = await bench.group(ada)
    const target = await bench.send(conversationId, ada, { body: 'one' })
    const outcomes = await bench.append(
      changeEntry('edit', { conversationId, target }, ada, { body: 'two' }),
      changeEntry('edit', { conversationId, target }, ada, { body: 'three' }),
    )
    expect(outcomes).toMatchObject([
      { outcome: 'appended', sequence: 3, version: 2 },
      { outcome: 'appended', sequence: 4, version: 3 },
    ])
    expect(await bench.store.findMessage(conversationId, target)).toMatchObject({ body: 'three', version: 3 })
    const versions = await bench.store.readVersions(conversationId, target)
    expect(versions.map(({ version, body }) => [version, body])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ])
  })

  test('L12: a deletion leaves no body, version, mention or reaction', async () => {
    const bench = getBench()
    const [ada, bob] = await twoPeople(bench)
    const conversationId = await bench.group(ada, bob)
    const target = await bench.send(conversationId, ada, { mentions: [bob.id] })
    await bench.append(
      changeEntry('edit', { conversationId, target }, ada, { body: 'changed text' }),
      changeEntry('react', { conversationId, target }, bob, { emoji: '🎉' }),
      changeEntry('delete', { conversationId, target }, ada),
    )
    const message = await bench.store.findMessage(conversationId, target)
    expect(message).toMatchObject({ body: null, version: 3, mentions: [], reactions: [] })
    expect(message?.deletedAt).not.toBeNull()
    expect(await bench.store.readVersions(conversationId, target)).toEqual([])
    const { items } = await bench.store.readEvents(conversationId, 0, 20)
    expect(JSON.stringify(items)).not.toMatch(/hello|changed text|🎉/)
  })

  test('reactions gather by emoji in the order they came, and can be taken back', async () => {
    const bench = getBench()
    const [ada, bob] = await twoPeople(bench)
    const conversationId = await bench.group(ada, bob)
    const target = await bench.send(conversationId, ada)
    const react = (person: typeof ada, emoji: string) =>
      bench.append(changeEntry('react', { conversationId, target }, person, { emoji }))
    await react(bob, 'b')
    await react(ada, 'a')
    await react(ada, 'b')
    await react(ada, 'b')
    await bench.append(changeEntry('unreact', { conversationId, target }, ada, { emoji: 'a' }))
    await bench.append(changeEntry('unreact', { conversationId, target }, bob, { emoji: 'never left' }))
    const message = await bench.store.findMessage(conversationId, target)
    expect(message?.reactions).toEqual([{ emoji: 'b', accountIds: [bob.id, ada.id] }])
    expect(message?.version).toBe(1)
  })
}

function testChangeRefusals(getBench: () => StoreBench): void {
  test('only the author edits; the author, and owners and admins of a group, delete', async () => {
    const bench = getBench()
    const [owner, author, admin, member] = (await bench.people(4)) as [Person, Person, Person, Person]
    const conversationId = await bench.group(owner, author, admin, member)
    await bench.transact(async transaction => {
      await transaction.lockStreams([conversationId], [])
      await transaction.updateRole(conversationId, admin.id, 'admin')
    })
    const targets = [await bench.send(conversationId, author), await bench.send(conversationId, author)]
    const [target = 0, second = 0] = targets
    const outcomes = await bench.append(
      changeEntry('edit', { conversationId, target }, owner, { body: 'x' }),
      changeEntry('delete', { conversationId, target }, member),
      changeEntry('delete', { conversationId, target }, admin),
      changeEntry('delete', { conversationId, target: second }, owner),
    )
    expect(outcomes.map(outcome => (outcome.outcome === 'refused' ? outcome.code : outcome.outcome))).toEqual([
      'forbidden',
      'forbidden',
      'appended',
      'appended',
    ])
  })

  test('what was deleted, is not there or may not be seen cannot be changed', async () => {
    const bench = getBench()
    const [ada, bob, eve] = (await bench.people(3)) as [Person, Person, Person]
    const conversationId = await bench.group(ada)
    const target = await bench.send(conversationId, ada)
    await bench.add(conversationId, ada, bob)
    await bench.append(changeEntry('delete', { conversationId, target }, ada))
    const outcomes = await bench.append(
      changeEntry('edit', { conversationId, target }, ada, { body: 'x' }),
      changeEntry('delete', { conversationId, target }, ada),
      changeEntry('react', { conversationId, target }, ada, { emoji: 'x' }),
      changeEntry('unreact', { conversationId, target }, ada, { emoji: 'x' }),
      changeEntry('react', { conversationId, target }, bob, { emoji: 'x' }),
      changeEntry('react', { conversationId, target }, eve, { emoji: 'x' }),
      changeEntry('react', { conversationId, target: 1 }, ada, { emoji: 'x' }),
    )
    expect(outcomes).toEqual([
      ...Array.from({ length: 4 }, () => refused('message-deleted')),
      ...Array.from({ length: 3 }, () => refused('not-found')),
    ])
    expect((await bench.store.readEvents(conversationId, 0, 20)).head.sequence).toBe(4)
  })

  test('one person leaves only so many emojis on a message', async () => {
    const bench = getBench()
    const [ada, bob] = await twoPeople(bench)
    const conversationId = await bench.group(ada, bob)
    const target = await bench.send(conversationId, ada)
    const react = (person: Person, emoji: string) => changeEntry('react', { conversationId, target }, person, { emoji })
    const emojis = Array.from({ length: limits.emojisPerPerson }, (_, index) => `e${index}`)
    await bench.append(...emojis.map(emoji => react(ada, emoji)))
    const outcomes = await bench.append(react(ada, 'one more'), react(ada, 'e3'), react(bob, 'one more'))
    expect(outcomes.map(outcome => (outcome.outcome === 'refused' ? outcome.code : outcome.outcome))).toEqual([
      'limit-reached',
      'appended',
      'appended',
    ])
  })
}

type Person = Awaited<ReturnType<StoreBench['person']>>

async function twoPeople(bench: StoreBench): Promise<[Person, Person]> {
  return [await bench.person(), await bench.person()]
}
