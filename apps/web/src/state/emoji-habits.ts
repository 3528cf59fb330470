/** Which emoji somebody used lately, newest first, and in which tone: on this device, forgotten on signing out. */
import type { AccountId } from '@recado/protocol'
import type { Tone } from '../emoji/emoji-sheet.ts'

export interface EmojiHabits {
  readonly recent: readonly string[]
  readonly tone: Tone
}

export interface EmojiHabitsStore {
  /** The same object until it changes. */
  get(account: AccountId): EmojiHabits
  use(account: AccountId, emoji: string): void
  setTone(account: AccountId, tone: Tone): void
  clear(account: AccountId): void
  subscribe(listener: () => void): () => void
}

const kept = 24
const none: EmojiHabits = { recent: [], tone: 0 }

export function createEmojiHabits(storage: Storage | null): EmojiHabitsStore {
  const known = new Map<AccountId, EmojiHabits>()
  const listeners = new Set<() => void>()
  const keyOf = (account: AccountId) => `recado.emoji.${account}`

  function get(account: AccountId): EmojiHabits {
    const habits = known.get(account) ?? parseHabits(storage?.getItem(keyOf(account)) ?? null)
    known.set(account, habits)
    return habits
  }

  function set(account: AccountId, habits: EmojiHabits): void {
    known.set(account, habits)
    try {
      storage?.setItem(keyOf(account), JSON.stringify(habits))
    } catch {
      // Full or blocked: `known` still has it.
    }
    for (const listener of [...listeners]) listener()
  }

  return {
    get,
    use(account, emoji) {
      const { recent, tone } = get(account)
      set(account, { recent: [emoji, ...recent.filter(other => other !== emoji)].slice(0, kept), tone })
    },
    setTone: (account, tone) => set(account, { ...get(account), tone }),
    clear(account) {
      known.delete(account)
      storage?.removeItem(keyOf(account))
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function parseHabits(text: string | null): EmojiHabits {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    if (typeof value !== 'object' || value === null) return none
    const recent = 'recent' in value && Array.isArray(value.recent) ? value.recent : []
    const tone = 'tone' in value ? tones.find(one => one === value.tone) : undefined
    return { recent: recent.filter(one => typeof one === 'string').slice(0, kept), tone: tone ?? 0 }
  } catch {
    return none
  }
}

const tones: readonly Tone[] = [0, 1, 2, 3, 4, 5]
