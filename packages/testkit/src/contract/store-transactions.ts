/** The side lane's transactions: locks, atomicity, and what membership operations build on. */
import type { AccountId, ConversationId } from '@recado/protocol'
import { describe, expect, test } from 'vitest'
import { type Person, type StoreBench, sendEntry } from './store-bench.ts'

export function testTransactions(getBench: () => StoreBench): void {
  describe('wide transactions', () => {
    testAtomicity(getBench)
    testLocks(getBench)
    testMembership(getBench)
    testAccounts(getBench)
  })
}

function testAtomicity(getBench: () => StoreBench): void {
  test('one that throws leaves nothing, and the writer goes on', async () => {
    const bench = getBench()
    const ada = await bench.person()
    const group = await bench.group(ada)
    const vector = await bench.store.readVector()
    const failing = bench.side.transact(async transaction => {
      await transaction.lockStreams([group], [ada.id])
      await transaction.updateConversation(group, { name: 'other' })
      await transaction.appendEvents([{ stream: group, kind: 'conversation.updated', actorId: ada.id, key: 'k' }])
      await transaction.deleteMembership(group, ada.id)
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    expect(await bench.store.readVector()).toEqual(vector)
    expect(await bench.store.findConversationView(group, ada.id)).toMatchObject({
      name: 'group',
      head: { sequence: 1 },
    })
    expect(await bench.add(group, ada, await bench.person())).toBe(2)
  })

  test('one that only reads leaves no row in the journal', async () => {
    const bench = getBench()
    const ada = await bench.person()
    const group = await bench.group(ada)
    const { commit } = await bench.side.transact(transaction => transaction.findConversation(group))
    expect(commit).toBeNull()
  })

  test('its events take their sequences in order, several calls after each other', async () => {
    const bench = getBench()
    const ada = await bench.person()
    const group = await bench.group(ada)
    const sequences = await bench.transact(async transaction => {
      await transaction.lockStreams([group], [])
      const updated = { stream: group, kind: 'conversation.updated', actorId: ada.id } as const
      const first = await transaction.appendEvents([updated, updated])
      expect(await transaction.headOf(group)).toEqual({ sequence: 3, ordinal: 0 })
      return [...first, ...(await transaction.appendEvents([{ ...updated, key: 'named', fingerprint: 'f' }]))]
    })
    expect(sequences).toEqual([2, 3, 4])
    const found = await bench.transact(transaction => transaction.findByKey(group, ada.id, 'named'))
    expect(found).toEqual({ sequence: 4, target: null, fingerprint: 'f' })
    expect(await bench.transact(transaction => transaction.findByKey(group, ada.id, 'other'))).toBeNull()
  })

  test('an event in a stream that was not locked is refused as a bug', async () => {
    const bench = getBench()
    const ada = await bench.person()
    const appending = bench.transact(transaction =>
      transaction.appendEvents([{ stream: ada.id, kind: 'account.updated', actorId: ada.id }]),
    )
    await expect(appending).rejects.toThrow('not locked')
  })
}

function testLocks(getBench: () => StoreBench): void {
  test('L1: a batch waits for the lock of its stream and is judged by what the lock waited for', async () => {
    const bench = getBench()
    const [ada, bob] = (await bench.people(2)) as [Person, Person]
    const group = await bench.group(ada, bob)
    const locked = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const removing = bench.side.transact(async transaction => {
      await transaction.lockStreams([group], [])
      await transaction.deleteMembership(group, bob.id)
      await transaction.appendEvents([{ stream: group, kind: 'member.removed', actorId: ada.id, target: bob.id }])
      locked.resolve()
      await release.promise
    })
    await locked.promise
    const sending = bench.append(sendEntry(group, bob), sendEntry(group, ada))
    release.resolve()
    await removing
    expect(await sending).toMatchObject([
      { outcome: 'refused', code: 'not-found' },
      { outcome: 'appended', sequence: 4 },
    ])
  })

  test('of two that open the same pair, the second finds what the first made', async () => {
    const bench = getBench()
    const [ada, bob] = (await bench.people(2)) as [Person, Person]
    await using other = await bench.store.openWriter()
    const open = (writer: typeof bench.side, one: AccountId, two: AccountId) =>
      writer.transact(async transaction => {
        const existing = await transaction.lockDirect(one, two)
        if (existing !== null) return existing
        const id = await transaction.insertConversation({
          kind: 'direct',
          name: null,
          description: null,
          memberCount: 2,
        })
        await transaction.insertDirect(one, two, id)
        return id
      })
    const [first, second] = await Promise.all([open(bench.side, ada.id, bob.id), open(other, bob.id, ada.id)])
    expect(first.result).toBe(second.result)
  })

  test('a pair is one conversation', async () => {
    const bench = getBench()
    const [ada, bob] = (await bench.people(2)) as [Person, Person]
    const insert = (one: AccountId, two: AccountId) =>
      bench.transact(async transaction => {
        const id = await transaction.insertConversation({
          kind: 'direct',
          name: null,
          description: null,
          memberCount: 2,
        })
        await transaction.insertDirect(one, two, id)
      })
    await insert(ada.id, bob.id)
    await expect(insert(bob.id, ada.id)).rejects.toMatchObject({ code: '23505' })
  })
}

function testMembership(getBench: () => StoreBench): void {
  test('the successor is the longest-serving admin, else the longest-serving member', async () => {
    const bench = getBench()
    const [owner, first, second] = (await bench.people(3)) as [Person, Person, Person]
    const group = await bench.group(owner, first, second)
    const successor = () => bench.transact(transaction => transaction.findSuccessor(group, owner.id))
    expect(await successor()).toBe(first.id)
    await bench.transact(transaction => transaction.updateRole(group, second.id, 'admin'))
    expect(await successor()).toBe(second.id)
    await bench.remove(group, first)
    await bench.remove(group, second)
    expect(await successor()).toBeNull()
  })

  test('counts owners, and the conversations of each account', async () => {
    const bench = getBench()
    const [ada, bob, eve] = (await bench.people(3)) as [Person, Person, Person]
    const group = await bench.group(ada, bob)
    await bench.group(ada)
    await bench.transact(async transaction => {
      expect(await transaction.countOwners(group)).toBe(1)
      await transaction.updateRole(group, bob.id, 'owner')
      expect(await transaction.countOwners(group)).toBe(2)
      expect(await transaction.countConversations([ada.id, bob.id, eve.id])).toEqual(
        new Map([
          [ada.id, 2],
          [bob.id, 1],
        ]),
      )
    })
  })

  test('reads its own changes of members, name and number', async () => {
    const bench = getBench()
    const [ada, bob] = (await bench.people(2)) as [Person, Person]
    const group = await bench.group(ada, bob)
    await bench.transact(async transaction => {
      expect(await transaction.updateConversation(group, { description: 'what for' })).toBe(2)
      expect(await transaction.updateConversation(group, { name: 'new' })).toBe(3)
      expect(await transaction.updateMemberCount(group, -1)).toBe(1)
      await transaction.deleteMembership(group, bob.id)
      const members = await transaction.findMemberships(group, [bob.id, ada.id])
      expect(members).toEqual([{ conversationId: group, accountId: ada.id, role: 'owner', visibleFrom: 0 }])
      expect(await transaction.findConversation(group)).toMatchObject({
        name: 'new',
        description: 'what for',
        version: 3,
        memberCount: 1,
      })
    })
    expect(await bench.store.findMembership(group, bob.id)).toBeNull()
    expect(await bench.store.findMembership(group, ada.id)).toMatchObject({ role: 'owner' })
  })

  test('what does not exist is absent', async () => {
    const bench = getBench()
    const nobody = (2 ** 41) as AccountId
    const nowhere = (2 ** 41) as ConversationId
    await bench.transact(async transaction => {
      expect(await transaction.findConversation(nowhere)).toBeNull()
      expect(await transaction.findMemberships(nowhere, [nobody])).toEqual([])
      expect(await transaction.existingAccounts([nobody])).toEqual([])
      await transaction.lockStreams([nowhere], [nobody])
    })
  })
}

function testAccounts(getBench: () => StoreBench): void {
  test('a name that is taken is refused, however it is written', async () => {
    const bench = getBench()
    await bench.person('Ａda Lovelace')
    await expect(bench.person('ada lovelace')).rejects.toThrow('username is taken')
  })

  test('ends one session, all others, or the oldest, and only once', async () => {
    const bench = getBench()
    const ada = await bench.person()
    const open = () =>
      bench.transact(transaction => transaction.accounts.insertSession({ accountId: ada.id, device: 'd' }))
    const sessions = [ada.sessionId, (await open()).sessionId, (await open()).sessionId, (await open()).sessionId]
    const end = (which: Parameters<typeof endSessions>[2]) => endSessions(bench, ada, which)
    const [first = ada.sessionId, second = first, third = first, fourth = first] = sessions
    expect(await end({ only: second })).toEqual([second])
    expect(await end({ only: second })).toEqual([])
    expect(await end({ newestKept: 2 })).toEqual([first])
    expect(await end({ except: fourth })).toEqual([third])
    expect(await bench.store.accounts.isSessionLive(ada.id, fourth)).toBe(true)
    expect(await bench.store.accounts.isSessionLive(ada.id, third)).toBe(false)
    expect((await bench.store.attach([ada.id])).get(ada.id)?.sessionIds).toEqual([fourth])
  })
}

function endSessions(
  bench: StoreBench,
  person: Person,
  which: Parameters<Parameters<Parameters<StoreBench['transact']>[0]>[0]['accounts']['endSessions']>[1],
) {
  return bench.transact(transaction => transaction.accounts.endSessions(person.id, which))
}
