/** One's own settings of conversations: kept per member, gone with the membership, told by the account's stream (L12). */
import type { ConversationId } from '@recado/protocol'
import { foreverMicros, noSettings, type SettingsRow } from '@recado/server/store/settings.ts'
import { describe, expect, test } from 'vitest'
import type { Person, StoreBench } from './store-bench.ts'

export function testSettings(getBench: () => StoreBench): void {
  describe('own settings', () => {
    test('are empty at first, each member’s own, and shown in lists as they were put last', async () => {
      const bench = getBench()
      const { ada, bob, group } = await groupOfTwo(bench)
      await bench.send(group, ada)
      expect(await find(bench, group, bob)).toEqual({ settings: noSettings, sequence: 3, ordinal: 1, read: 0 })
      expect(await shown(bench, group, bob)).toMatchObject({ version: 0, pinned: null, muted: null })
      await put(bench, { group, person: bob, settings: { ...noSettings, pinned: -5 } })
      const settings = { pinned: 7, mutedUntil: foreverMicros, archivedOrdinal: 1, unreadFrom: 0 }
      await put(bench, { group, person: bob, settings: { ...noSettings, ...settings } })
      const told = { version: 3, pinned: 7, muted: 'forever', archived: 1, markedUnread: 0 }
      expect(await shown(bench, group, bob)).toEqual(told)
      const [listed] = await bench.store.listConversations(bob.id, null, 9)
      expect(listed?.me.settings).toEqual(told)
      expect(await shown(bench, group, ada)).toMatchObject({ version: 0, pinned: null })
      await put(bench, { group, person: bob, settings: { ...noSettings, mutedUntil: 1_800_000_000_123_456 } })
      expect(await shown(bench, group, bob)).toMatchObject({ muted: '2027-01-15T08:00:00.123Z', pinned: null })
    })

    test('a signature is the account’s own, and the same again changes nothing', async () => {
      const bench = getBench()
      const [ada, bob] = (await bench.people(2)) as [Person, Person]
      const put = (to: string | null) => bench.transact(transaction => transaction.accounts.setSignature(ada.id, to))
      expect([await put(null), await put('<p>Ada</p>'), await put('<p>Ada</p>')]).toEqual(['same', 'changed', 'same'])
      expect(await bench.store.accounts.findAccount(ada.id)).toMatchObject({ signature: '<p>Ada</p>' })
      expect(await bench.store.accounts.findAccount(bob.id)).toMatchObject({ signature: null })
      expect(await put(null)).toBe('changed')
    })

    test('count what is pinned, and are null for who is no member', async () => {
      const bench = getBench()
      const { ada, bob, group } = await groupOfTwo(bench)
      const other = await bench.group(ada, bob)
      for (const pinnedGroup of [group, other]) {
        await put(bench, { group: pinnedGroup, person: bob, settings: { ...noSettings, pinned: 0 } })
      }
      const count = (person: Person) => bench.transact(transaction => transaction.settings.countPinned(person.id))
      expect([await count(bob), await count(ada)]).toEqual([2, 0])
      await bench.remove(other, bob)
      expect([await count(bob), await find(bench, other, bob)]).toEqual([1, null])
      expect(await find(bench, group, await bench.person())).toBeNull()
    })

    test('L12: their events bring them as they are now, and nothing of a conversation that was left', async () => {
      const bench = getBench()
      const { ada, bob, group } = await groupOfTwo(bench)
      const before = (await bench.store.readEvents(bob.id, 0, 99)).head.sequence
      await put(bench, { group, person: bob, settings: { ...noSettings, pinned: 1 } })
      await put(bench, { group, person: bob, settings: { ...noSettings, pinned: 2 } })
      const events = async () => (await bench.store.readEvents(bob.id, before, 99)).items
      const settings = { version: before + 2, pinned: 2 }
      const now = { kind: 'membership.updated', data: { conversationId: group, settings } }
      expect(await events()).toMatchObject([now, now])
      await bench.remove(group, bob)
      expect((await events()).map(event => event.data)).toEqual([
        { conversationId: group, settings: null },
        { conversationId: group, settings: null },
      ])
      await bench.add(group, ada, bob)
      expect((await events())[0]?.data).toMatchObject({ settings: { version: 0, pinned: null } })
    })
  })
}

async function groupOfTwo(bench: StoreBench) {
  const [ada, bob] = (await bench.people(2)) as [Person, Person]
  return { ada, bob, group: await bench.group(ada, bob) }
}

function find(bench: StoreBench, group: ConversationId, person: Person) {
  return bench.transact(transaction => transaction.settings.find(group, person.id))
}

async function shown(bench: StoreBench, group: ConversationId, person: Person) {
  return (await bench.store.findConversationView(group, person.id))?.me.settings
}

interface Put {
  readonly group: ConversationId
  readonly person: Person
  readonly settings: SettingsRow
}

/** As the operation does: the event's sequence is the version. */
async function put(bench: StoreBench, { group, person, settings }: Put): Promise<void> {
  await bench.transact(async transaction => {
    await transaction.lockStreams([], [person.id])
    const [version = 0] = await transaction.appendEvents([
      { stream: person.id, kind: 'membership.updated', actorId: person.id, target: group },
    ])
    await transaction.settings.put(group, person.id, { ...settings, version })
  })
}
