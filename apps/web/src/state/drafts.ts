/**
 * What is being written in each conversation and not sent yet. Kept on this device per account and written at every
 * change, so a crash loses nothing; cleared for an account when it signs out here. When the browser's storage is blocked
 * or full, drafts last as long as the page.
 */
import type { AccountId, ConversationId } from '@recado/protocol'

export interface Draft {
  readonly text: string
  /** The sequence of the message it answers. */
  readonly replyTo: number | null
}

export interface Drafts {
  /** The same object until it changes. */
  find(account: AccountId, conversation: ConversationId): Draft | null
  /** An empty draft is the absence of one. */
  keep(account: AccountId, conversation: ConversationId, draft: Draft): void
  clear(account: AccountId): void
  subscribe(listener: () => void): () => void
}

const prefix = 'recado.draft.'

export function createDrafts(storage: Storage | null): Drafts {
  const known = new Map<string, Draft | null>()
  const listeners = new Set<() => void>()

  function write(key: string, draft: Draft | null): void {
    known.set(key, draft)
    try {
      if (draft) storage?.setItem(key, JSON.stringify(draft))
      else storage?.removeItem(key)
    } catch {
      // Full or blocked: `known` still has it.
    }
    for (const listener of [...listeners]) listener()
  }

  return {
    find(account, conversation) {
      const key = `${prefix}${account}.${conversation}`
      const draft = known.get(key)
      if (draft !== undefined) return draft
      const kept = parseDraft(storage?.getItem(key) ?? null)
      known.set(key, kept)
      return kept
    },
    keep(account, conversation, draft) {
      write(`${prefix}${account}.${conversation}`, draft.text === '' && draft.replyTo === null ? null : draft)
    },
    clear(account) {
      const keys = new Set([...known.keys(), ...Object.keys(storage ?? {})])
      for (const key of keys) if (key.startsWith(`${prefix}${account}.`)) write(key, null)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function parseDraft(kept: string | null): Draft | null {
  if (kept === null) return null
  try {
    const value: unknown = JSON.parse(kept)
    if (typeof value !== 'object' || value === null || !('text' in value) || typeof value.text !== 'string') return null
    const replyTo = 'replyTo' in value && typeof value.replyTo === 'number' ? value.replyTo : null
    return { text: value.text, replyTo }
  } catch {
    return null
  }
}
