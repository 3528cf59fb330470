import type { AccountId } from '@recado/protocol'
import { describe, expect, it } from 'vitest'
import { createEmojiHabits } from './emoji-habits.ts'

const ana = 1 as AccountId
const bo = 2 as AccountId

function createStorage(entries: Record<string, string> = {}): Storage {
  const kept = new Map(Object.entries(entries))
  return {
    get length() {
      return kept.size
    },
    key: index => [...kept.keys()][index] ?? null,
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: key => void kept.delete(key),
    clear: () => kept.clear(),
  }
}

describe('the habits with emoji', () => {
  it('keep the newest first, each once, and no more than a few rows, across a reload', () => {
    const storage = createStorage()
    const habits = createEmojiHabits(storage)
    for (let index = 0; index < 40; index++) habits.use(ana, String.fromCodePoint(0x1f600 + index))
    habits.use(ana, '😺')
    habits.use(ana, '🤣')
    habits.use(ana, '😺')
    habits.setTone(ana, 3)
    const reloaded = createEmojiHabits(storage).get(ana)
    expect(reloaded.recent.slice(0, 2)).toEqual(['😺', '🤣'])
    expect(reloaded.recent).toHaveLength(24)
    expect(new Set(reloaded.recent).size).toBe(24)
    expect(reloaded.tone).toBe(3)
  })

  it('are each account’s own, and gone for one that signs out', () => {
    const storage = createStorage()
    const habits = createEmojiHabits(storage)
    habits.use(ana, '👍')
    habits.use(bo, '👎')
    habits.clear(ana)
    expect(habits.get(ana).recent).toEqual([])
    expect(createEmojiHabits(storage).get(bo).recent).toEqual(['👎'])
  })

  it('are none where what was kept is damaged, and last as long as the page without storage', () => {
    const damaged = createStorage({ 'recado.emoji.1': '{"recent":[1,"👍"],"tone":9}', 'recado.emoji.2': '[[' })
    expect(createEmojiHabits(damaged).get(ana)).toEqual({ recent: ['👍'], tone: 0 })
    expect(createEmojiHabits(damaged).get(bo)).toEqual({ recent: [], tone: 0 })
    const blocked = createEmojiHabits(null)
    blocked.use(ana, '👍')
    expect(blocked.get(ana).recent).toEqual(['👍'])
  })
})
