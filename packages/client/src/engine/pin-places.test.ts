import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { createSeededRandom } from '../testing/seeded-random.ts'
import type { ConversationView } from '../types.ts'
import { comparePins, placePin } from './pin-places.ts'

const view = (id: number, pinned: number | null) => ({ id: id as ConversationId, pinned }) as ConversationView

test('C2: wherever one is dropped, however often, it stands there and the others keep their order', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = createSeededRandom(seed)
    const places = new Map<number, number | null>(Array.from({ length: 8 }, (_, id) => [id, null]))
    let wanted: number[] = []
    for (let step = 0; step < 200; step++) {
      const id = Math.floor(random.next() * 8)
      const before = random.next() < 0.1 ? null : Math.floor(random.next() * 8)
      const views = [...places].map(([each, pinned]) => view(each, pinned))
      const given = placePin(views, id as ConversationId, before as ConversationId | null)
      for (const [each, place] of given) places.set(each, place)
      wanted = wanted.filter(each => each !== id)
      const index = before === null ? -1 : wanted.indexOf(before)
      wanted.splice(index < 0 ? wanted.length : index, 0, id)
      const shown = [...places].map(([each, pinned]) => view(each, pinned)).filter(each => each.pinned !== null)
      expect(
        shown.sort(comparePins).map(each => each.id),
        `seed ${seed}, step ${step}`,
      ).toEqual(wanted)
    }
  }
})

test('moving one changes one while there is room, and all of them once there is none', () => {
  const far = [view(1, 0), view(2, 1_000), view(3, null)]
  expect(placePin(far, 3 as ConversationId, 2 as ConversationId).size).toBe(1)
  const tight = [view(1, 0), view(2, 1), view(3, null)]
  expect([...placePin(tight, 3 as ConversationId, 2 as ConversationId).keys()]).toEqual([1, 3, 2])
  const same = [view(1, 5), view(2, 5), view(3, null)]
  expect([...placePin(same, 3 as ConversationId, 2 as ConversationId).keys()]).toEqual([1, 3, 2])
  const edge = [view(1, Number.MIN_SAFE_INTEGER), view(2, null)]
  expect([...placePin(edge, 2 as ConversationId, 1 as ConversationId).keys()]).toEqual([2, 1])
})
