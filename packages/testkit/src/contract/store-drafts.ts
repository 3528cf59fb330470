/** Drafts at the store port: each account's own, whole each time, told by the account's stream, and gone for good. */
import type { DraftContent, SavedDraft } from '@recado/server/store/drafts.ts'
import { describe, expect, test } from 'vitest'
import type { Person, StoreBench } from './store-bench.ts'

const content: DraftContent = {
  to: [{ typed: 'Caro' }, { address: 'eva@example.org' }],
  cc: [],
  bcc: [],
  subject: 'Quay 4',
  html: '<p>The crane is back.</p>',
  preview: 'The crane is back.',
  inReplyTo: null,
  forwardOf: null,
}

type Change = Partial<Pick<SavedDraft, 'subject' | 'to' | 'inReplyTo' | 'fingerprint'>>

/** As the operation does: the event's sequence is the version, that of the first one the number. */
async function save(bench: StoreBench, person: Person, draftId: string, change: Change = {}): Promise<number> {
  return await bench.transact(async transaction => {
    await transaction.lockStreams([], [person.id])
    const known = await transaction.drafts.find(person.id, draftId)
    const { sequence } = await transaction.headOf(person.id)
    const number = known?.state === 'kept' ? known.number : sequence + 1
    const [version = 0] = await transaction.appendEvents([
      { stream: person.id, kind: 'draft.changed', actorId: person.id, target: number },
    ])
    const draft = {
      ...content,
      accountId: person.id,
      draftId,
      number,
      version,
      mediaIds: [],
      fingerprint: 'one',
      ...change,
    }
    await transaction.drafts.put(draft)
    return version
  })
}

async function remove(bench: StoreBench, person: Person, draftId: string): Promise<void> {
  await bench.transact(async transaction => {
    await transaction.lockStreams([], [person.id])
    const known = await transaction.drafts.find(person.id, draftId)
    if (known?.state === 'kept') {
      const event = { stream: person.id, kind: 'draft.deleted' as const, actorId: person.id, target: known.number }
      await transaction.appendEvents([event])
    }
    await transaction.drafts.remove(person.id, draftId)
  })
}

function stateOf(bench: StoreBench, person: Person, draftId: string) {
  return bench.transact(transaction => transaction.drafts.find(person.id, draftId))
}

export function testDrafts(getBench: () => StoreBench): void {
  describe('drafts', () => {
    test('are each account’s own, and as they were put last', async () => {
      const bench = getBench()
      const [ada, bob] = (await bench.people(2)) as [Person, Person]
      const first = await save(bench, ada, 'a')
      await save(bench, bob, 'a', { subject: 'Bob’s' })
      const version = await save(bench, ada, 'a', {
        subject: 'Quay 5',
        to: [{ accountId: bob.id }],
        fingerprint: 'two',
      })
      expect(await bench.store.drafts.find(ada.id, 'a')).toMatchObject({
        ...content,
        draftId: 'a',
        version,
        subject: 'Quay 5',
        to: [{ accountId: bob.id }],
      })
      expect(await stateOf(bench, ada, 'a')).toMatchObject({
        state: 'kept',
        number: first,
        version,
        fingerprint: 'two',
      })
      expect(await bench.store.drafts.find(bob.id, 'a')).toMatchObject({ subject: 'Bob’s' })
      expect(await bench.store.drafts.find(bob.id, 'b')).toBeNull()
      expect(await stateOf(bench, bob, 'b')).toBeNull()
    })

    test('are listed by when they changed last, a page at a time, and counted', async () => {
      const bench = getBench()
      const ada = await bench.person()
      for (const draftId of ['a', 'b', 'c', 'a']) await save(bench, ada, draftId)
      const list = async (below: number, limit: number) => await bench.store.drafts.list(ada.id, below, limit)
      const page = await list(Number.MAX_SAFE_INTEGER, 2)
      expect(page.map(draft => draft.draftId)).toEqual(['a', 'c'])
      expect((await list(page.at(-1)?.version ?? 0, 9)).map(draft => draft.draftId)).toEqual(['b'])
      await remove(bench, ada, 'c')
      expect(await bench.transact(transaction => transaction.drafts.count(ada.id))).toBe(2)
    })

    test('L12: their events bring them as they are now, and nothing of one that is gone', async () => {
      const bench = getBench()
      const ada = await bench.person()
      const before = (await bench.store.readEvents(ada.id, 0, 99)).head.sequence
      await save(bench, ada, 'a', { subject: 'first' })
      const version = await save(bench, ada, 'a', { subject: 'second' })
      const events = async () => (await bench.store.readEvents(ada.id, before, 99)).items
      const now = { kind: 'draft.changed', data: { draftId: 'a', draft: { id: 'a', version, subject: 'second' } } }
      expect(await events()).toMatchObject([now, now])
      await remove(bench, ada, 'a')
      const gone = { kind: 'draft.changed', data: { draftId: 'a', draft: null } }
      expect(await events()).toMatchObject([gone, gone, { kind: 'draft.deleted', data: { draftId: 'a' } }])
      expect(await bench.store.drafts.find(ada.id, 'a')).toBeNull()
      expect(await stateOf(bench, ada, 'a')).toEqual({ state: 'gone' })
    })

    test('what is left of one that is gone is forgotten, and its events are void; others stay', async () => {
      const bench = getBench()
      const ada = await bench.person()
      const before = (await bench.store.readEvents(ada.id, 0, 99)).head.sequence
      await save(bench, ada, 'kept', { subject: 'kept' })
      await save(bench, ada, 'gone')
      await remove(bench, ada, 'gone')
      await remove(bench, ada, 'never')
      expect(await bench.store.drafts.prune(0)).toBe(0)
      expect(await stateOf(bench, ada, 'gone')).toEqual({ state: 'gone' })
      while ((await bench.store.drafts.prune(Number.MAX_SAFE_INTEGER)) > 0);
      for (const draftId of ['gone', 'never']) expect(await stateOf(bench, ada, draftId)).toBeNull()
      const kinds = async () => (await bench.store.readEvents(ada.id, before, 99)).items.map(event => event.kind)
      expect(await kinds()).toEqual(['draft.changed', 'void', 'void'])
      expect(await bench.store.drafts.find(ada.id, 'kept')).toMatchObject({ subject: 'kept' })
      await save(bench, ada, 'gone', { subject: 'anew' })
      expect(await kinds()).toEqual(['draft.changed', 'void', 'void', 'draft.changed'])
    })

    test('one that was deleted before it was ever saved is gone too', async () => {
      const bench = getBench()
      const ada = await bench.person()
      for (const _ of [1, 2]) await remove(bench, ada, 'never')
      expect(await stateOf(bench, ada, 'never')).toEqual({ state: 'gone' })
      expect(await bench.store.drafts.list(ada.id, Number.MAX_SAFE_INTEGER, 9)).toEqual([])
    })
  })
}
