import type { AccountId, ConversationId } from '@recado/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../../tests/memory-storage.ts'
import { createDrafts, type Drafts } from './drafts.ts'

const ana = 1 as AccountId
const bob = 2 as AccountId
const chat = 7 as ConversationId

describe('drafts', () => {
  it('survive a reload, each for its account and conversation', () => {
    const storage = createMemoryStorage()
    createDrafts(storage).keep(ana, chat, { text: 'half a sen', replyTo: 3 })
    const reloaded = createDrafts(storage)
    expect(reloaded.find(ana, chat)).toEqual({ text: 'half a sen', replyTo: 3 })
    expect(reloaded.find(bob, chat)).toBeNull()
  })

  it('are gone once empty, and cleared for one account only', () => {
    const storage = createMemoryStorage()
    const drafts = createDrafts(storage)
    drafts.keep(ana, chat, { text: 'x', replyTo: null })
    drafts.keep(bob, chat, { text: 'y', replyTo: null })
    drafts.clear(ana)
    expect(createDrafts(storage).find(ana, chat)).toBeNull()
    expect(createDrafts(storage).find(bob, chat)?.text).toBe('y')
    drafts.keep(bob, chat, { text: '', replyTo: null })
    expect(drafts.find(bob, chat)).toBeNull()
    expect(createDrafts(storage).find(bob, chat)).toBeNull()
  })

  it('are forgotten a day after they were emptied, not before', () => {
    const storage = createMemoryStorage()
    createDrafts(storage).keep(ana, chat, { text: '', replyTo: null })
    const key = `recado.draft.${ana}.${chat}`
    createDrafts(storage)
    expect(Object.keys(storage)).toEqual([key])
    const old = (storage.getItem(key) ?? '').replace(/"emptyAt":\d+/u, `"emptyAt":${Date.now() - 90_000_000}`)
    storage.setItem(key, old)
    createDrafts(storage)
    expect(Object.keys(storage)).toEqual([])
  })

  it('last as long as the page when the storage is blocked, and read damaged entries as none', () => {
    const drafts = createDrafts(null)
    drafts.keep(ana, chat, { text: 'x', replyTo: null })
    expect(drafts.find(ana, chat)?.text).toBe('x')
    const storage = createMemoryStorage()
    storage.setItem(`recado.draft.${ana}.${chat}`, '{"text":')
    expect(createDrafts(storage).find(ana, chat)).toBeNull()
  })
})

/**
 * Tabs as a browser has them: each sees its own copy of the storage, one order of all changes is made, and each hears of the
 * others' only when it comes to it. Until then it reads what it knew.
 */
function openTabs(count: number) {
  const order: { readonly key: string; readonly value: string; readonly by: number }[] = []
  const tabs = Array.from({ length: count }, (_, by) => {
    const copy = createMemoryStorage()
    const own = Object.create(copy) as Storage
    Object.defineProperty(own, 'setItem', {
      value: (key: string, value: string) => {
        copy.setItem(key, value)
        order.push({ key, value, by })
      },
    })
    return { drafts: createDrafts(own, `tab${by}`), copy, heard: 0 }
  })
  const hear = (index: number) => {
    const tab = tabs[index]
    const change = order[tab?.heard ?? 0]
    if (!tab || !change) return false
    tab.heard += 1
    if (change.by === index) return true
    tab.copy.setItem(change.key, change.value)
    tab.drafts.hear(change.key, change.value)
    return true
  }
  const settle = () => {
    for (let rounds = 0; rounds < 10_000; rounds++) {
      if (!tabs.map((_, index) => hear(index)).includes(true)) return
    }
    throw new Error('The tabs never come to rest.')
  }
  return { tabs: tabs.map(({ drafts }) => drafts), hear, settle, last: () => order.at(-1)?.value ?? '' }
}

const textOf = (drafts: Drafts | undefined) => drafts?.find(ana, chat)?.text ?? ''

describe('drafts in several tabs', () => {
  it('are one: what is written, sent and taken back in one tab shows in the others', () => {
    const { tabs, settle } = openTabs(2)
    const [one, two] = tabs
    one?.keep(ana, chat, { text: 'hello', replyTo: 4 })
    settle()
    expect(two?.find(ana, chat)).toEqual({ text: 'hello', replyTo: 4 })
    two?.keep(ana, chat, { text: 'hello you', replyTo: 4 })
    settle()
    expect(textOf(one)).toBe('hello you')
    one?.keep(ana, chat, { text: '', replyTo: null })
    settle()
    expect(two?.find(ana, chat)).toBeNull()
  })

  it('keep what was added while another tab sent the rest', () => {
    const { tabs, settle } = openTabs(2)
    tabs[0]?.keep(ana, chat, { text: 'See you', replyTo: null })
    settle()
    tabs[0]?.keep(ana, chat, { text: '', replyTo: null })
    tabs[1]?.keep(ana, chat, { text: 'See you at nine', replyTo: null })
    settle()
    expect(tabs.map(textOf)).toEqual([' at nine', ' at nine'])
  })

  const letters = ['abcdefgh', 'ijklmnop', 'qrstuvwx']
  const step = fc.record({ tab: fc.nat(2), does: fc.constantFrom('write', 'hear', 'hear') })

  /** Everybody writes on at the end of their own words, before they hear of the others. */
  function writeAtOnce(count: number, steps: readonly { readonly tab: number; readonly does: string }[]) {
    const { tabs, hear, settle, last } = openTabs(count)
    const written = tabs.map(() => '')
    for (const { tab, does } of steps) {
      const drafts = tabs[tab]
      if (does === 'hear') hear(tab)
      else if (drafts) {
        const letter = letters[tab]?.[(written[tab] ?? '').length % 8] ?? ''
        written[tab] += letter
        const text = textOf(drafts)
        const own = [...text].findLastIndex(one => letters[tab]?.includes(one))
        const at = own < 0 ? text.length : own + 1
        drafts.keep(ana, chat, { text: text.slice(0, at) + letter + text.slice(at), replyTo: null })
      }
    }
    settle()
    const [text = ''] = tabs.map(textOf)
    expect(tabs.map(textOf)).toEqual(tabs.map(() => text))
    if (text !== '') expect((JSON.parse(last()) as { text: string }).text).toBe(text)
    return { written, kept: tabs.map((_, tab) => [...text].filter(one => letters[tab]?.includes(one)).join('')) }
  }

  it('have every letter that two wrote at once, in its order and once, and come to the same', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const { written, kept } = writeAtOnce(2, steps)
        expect(kept).toEqual(written)
      }),
      { numRuns: 500 },
    )
  })

  it('come to the same with three, and lose nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const { written, kept } = writeAtOnce(3, steps)
        for (const [tab, letters] of written.entries()) {
          for (const letter of letters) expect(kept[tab]).toContain(letter)
        }
      }),
      { numRuns: 200 },
    )
  })
})
