import type { AccountId, ConversationId } from '@recado/protocol'
import { describe, expect, it } from 'vitest'
import { createDrafts } from './drafts.ts'

const ana = 1 as AccountId
const bob = 2 as AccountId
const chat = 7 as ConversationId

/** A browser's storage, in memory. */
function createStorage(): Storage {
  const storage: Record<string, string> = {}
  const methods = {
    getItem: (key: string) => storage[key] ?? null,
    setItem: (key: string, value: string) => {
      storage[key] = value
    },
    removeItem: (key: string) => {
      delete storage[key]
    },
  }
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(storage, name, { value })
  return storage as unknown as Storage
}

describe('drafts', () => {
  it('survive a reload, each for its account and conversation', () => {
    const storage = createStorage()
    createDrafts(storage).keep(ana, chat, { text: 'half a sen', replyTo: 3 })
    const reloaded = createDrafts(storage)
    expect(reloaded.find(ana, chat)).toEqual({ text: 'half a sen', replyTo: 3 })
    expect(reloaded.find(bob, chat)).toBeNull()
  })

  it('are gone once empty, and cleared for one account only', () => {
    const storage = createStorage()
    const drafts = createDrafts(storage)
    drafts.keep(ana, chat, { text: 'x', replyTo: null })
    drafts.keep(bob, chat, { text: 'y', replyTo: null })
    drafts.clear(ana)
    expect(createDrafts(storage).find(ana, chat)).toBeNull()
    expect(createDrafts(storage).find(bob, chat)?.text).toBe('y')
    drafts.keep(bob, chat, { text: '', replyTo: null })
    expect(Object.keys(storage)).toEqual([])
  })

  it('last as long as the page when the storage is blocked, and read damaged entries as none', () => {
    const drafts = createDrafts(null)
    drafts.keep(ana, chat, { text: 'x', replyTo: null })
    expect(drafts.find(ana, chat)?.text).toBe('x')
    const storage = createStorage()
    storage.setItem(`recado.draft.${ana}.${chat}`, '{"text":')
    expect(createDrafts(storage).find(ana, chat)).toBeNull()
  })
})
