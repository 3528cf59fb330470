/** What somebody chose lately in the palette, newest first: ids only, on this device, forgotten on signing out. */
import type { AccountId } from '@recado/protocol'

export interface Recents {
  get(account: AccountId): readonly string[]
  add(account: AccountId, id: string): void
  clear(account: AccountId): void
}

const kept = 20

export function createRecents(storage: Storage | null): Recents {
  const known = new Map<AccountId, readonly string[]>()
  const keyOf = (account: AccountId) => `recado.recent.${account}`
  const get = (account: AccountId) => known.get(account) ?? parseRecents(read(storage, keyOf(account)))
  return {
    get,
    add(account, id) {
      const next = [id, ...get(account).filter(other => other !== id)].slice(0, kept)
      known.set(account, next)
      try {
        storage?.setItem(keyOf(account), JSON.stringify(next))
      } catch {
        // Full or blocked: `known` still has it.
      }
    },
    clear(account) {
      known.delete(account)
      storage?.removeItem(keyOf(account))
    },
  }
}

function read(storage: Storage | null, key: string): string | null {
  return storage?.getItem(key) ?? null
}

function parseRecents(text: string | null): readonly string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter(id => typeof id === 'string').slice(0, kept) : []
  } catch {
    return []
  }
}
