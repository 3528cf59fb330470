/**
 * What is being written in each conversation and not sent yet. Kept on this device per account and written at every
 * change, so a crash loses nothing; cleared for an account when it signs out, here or in another tab. When the browser's
 * storage is blocked or full, drafts last as long as the page.
 *
 * Several tabs write the same draft: each shows what the others wrote, and none writes over words that it has not seen. A
 * browser tells of another tab's change only after it, and a tab reads old values until then, so the last to write would
 * win. Each draft therefore says how many changes of which tab are in it. What knows more is taken over; two that each know
 * something the other does not are merged from the last that both knew, and every tab comes to the same. Between two tabs
 * each word then stands once; of three that write within the same moment one may stand twice, but none is lost.
 */
import type { AccountId, ConversationId } from '@recado/protocol'
import { mergeText } from './merge-text.ts'

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
  /** Another tab changed what is kept under this key, or everything; null when it is kept no more. */
  hear(key: string | null, value: string | null): void
  subscribe(listener: () => void): () => void
}

/** How many changes of each tab a draft has in it. */
type Seen = Readonly<Record<string, number>>

interface Version {
  readonly draft: Draft
  readonly seen: Seen
}

/** A draft in this tab: how it is, and how it was, for what others make of what they knew. */
interface Held {
  readonly now: Version
  readonly past: readonly Version[]
}

const prefix = 'recado.draft.'
/** So many earlier versions are remembered: other tabs are behind by the time of an event, some letters at most. */
const remembered = 64
/** So many tabs are told apart in one draft; each reload is a new one. */
const tabsAtMost = 8
/** An empty draft is remembered for so long, so that a tab which is behind does not bring back what was sent. */
const emptyForMs = 24 * 60 * 60_000
const none: Version = { draft: { text: '', replyTo: null }, seen: {} }

export function createDrafts(storage: Storage | null, tab = Math.random().toString(36).slice(2, 10)): Drafts {
  forgetEmpty(storage)
  const held = new Map<string, Held>()
  const listeners = new Set<() => void>()
  const keyOf = (account: AccountId, conversation: ConversationId) => `${prefix}${account}.${conversation}`
  const tell = () => {
    for (const listener of [...listeners]) listener()
  }

  function get(key: string): Held {
    const known = held.get(key)
    if (known) return known
    const read = { now: parseVersion(storage?.getItem(key) ?? null) ?? none, past: [] }
    held.set(key, read)
    return read
  }

  function hold(key: string, now: Version, ...heard: readonly Version[]): void {
    const { now: before, past } = get(key)
    held.set(key, { now, past: [...past, before, ...heard].slice(-remembered) })
  }

  function write(key: string): void {
    try {
      const next = JSON.stringify(presentVersion(get(key).now))
      if (storage && storage.getItem(key) !== next) storage.setItem(key, next)
    } catch {
      // Full or blocked: `held` still has it.
    }
  }

  /** Takes in what another tab has kept. */
  function take(key: string, theirs: Version): void {
    const { now: mine, past } = get(key)
    const [ahead, behind] = [isWithin(mine.seen, theirs.seen), isWithin(theirs.seen, mine.seen)]
    const greater = compareDrafts(mine.draft, theirs.draft) < 0 ? theirs : mine
    hold(key, ahead && behind ? greater : ahead ? theirs : behind ? mine : merge(mine, theirs, past), theirs)
    // What they have not seen of mine they shall see.
    if (!ahead || compareDrafts(get(key).now.draft, theirs.draft) !== 0) write(key)
  }

  return {
    find(account, conversation) {
      const { draft } = get(keyOf(account, conversation)).now
      return isEmpty(draft) ? null : draft
    },
    keep(account, conversation, draft) {
      const key = keyOf(account, conversation)
      const { now: shown } = get(key)
      const stored = parseVersion(storage?.getItem(key) ?? null)
      if (stored && !isWithin(stored.seen, shown.seen)) take(key, stored)
      const { now } = get(key)
      hold(key, {
        draft: now === shown ? draft : mergeDrafts(shown.draft, draft, now.draft),
        seen: count(now.seen, tab),
      })
      write(key)
      tell()
    },
    clear(account) {
      const keys = new Set([...held.keys(), ...Object.keys(storage ?? {})])
      for (const key of keys) {
        if (!key.startsWith(`${prefix}${account}.`)) continue
        held.delete(key)
        storage?.removeItem(key)
      }
      tell()
    },
    hear(key, value) {
      if (key !== null && !key.startsWith(prefix)) return
      const theirs = parseVersion(value)
      if (key === null) held.clear()
      else if (theirs === null) held.delete(key)
      else take(key, theirs)
      tell()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function isEmpty({ text, replyTo }: Draft): boolean {
  return text === '' && replyTo === null
}

/** Whether all changes of the one are in the other. */
function isWithin(one: Seen, other: Seen): boolean {
  return Object.entries(one).every(([tab, changes]) => (other[tab] ?? 0) >= changes)
}

function sum(seen: Seen): number {
  return Object.values(seen).reduce((total, changes) => total + changes, 0)
}

/** One more change of this tab, which comes last. */
function count(seen: Seen, tab: string): Seen {
  const others = Object.entries(seen).filter(([name]) => name !== tab)
  return Object.fromEntries([...others.slice(1 - tabsAtMost), [tab, (seen[tab] ?? 0) + 1]])
}

function merge(mine: Version, theirs: Version, past: readonly Version[]): Version {
  const known = past.filter(({ seen }) => isWithin(seen, mine.seen) && isWithin(seen, theirs.seen))
  const base = known.reduce((best, one) => (sum(one.seen) >= sum(best.seen) ? one : best), none)
  const tabs = Object.keys({ ...mine.seen, ...theirs.seen }).sort()
  const seen = tabs.map(tab => [tab, Math.max(mine.seen[tab] ?? 0, theirs.seen[tab] ?? 0)])
  return { draft: mergeDrafts(base.draft, mine.draft, theirs.draft), seen: Object.fromEntries(seen) }
}

function mergeDrafts(base: Draft, one: Draft, other: Draft): Draft {
  const changed = [one.replyTo, other.replyTo].filter(replyTo => replyTo !== base.replyTo)
  const replyTo = changed.length === 0 ? base.replyTo : changed.reduce(later)
  return { text: mergeText(base.text, one.text, other.text), replyTo }
}

function later(one: number | null, other: number | null): number | null {
  return (one ?? 0) > (other ?? 0) ? one : other
}

/** Any order will do, as long as every tab has the same. */
function compareDrafts(one: Draft, other: Draft): number {
  if (one.text !== other.text) return one.text < other.text ? -1 : 1
  return (one.replyTo ?? 0) - (other.replyTo ?? 0)
}

function presentVersion({ draft, seen }: Version) {
  return { ...draft, seen, ...(isEmpty(draft) ? { emptyAt: Date.now() } : {}) }
}

function forgetEmpty(storage: Storage | null): void {
  for (const key of Object.keys(storage ?? {})) {
    const emptyAt = key.startsWith(prefix) ? findEmptyAt(storage?.getItem(key) ?? null) : null
    if (emptyAt !== null && Date.now() - emptyAt > emptyForMs) storage?.removeItem(key)
  }
}

function findEmptyAt(kept: string | null): number | null {
  const found = /"emptyAt":(\d+)\}$/u.exec(kept ?? '')
  return found ? Number(found[1]) : null
}

function parseVersion(kept: string | null): Version | null {
  if (kept === null) return null
  try {
    const value: unknown = JSON.parse(kept)
    if (typeof value !== 'object' || value === null || !('text' in value) || typeof value.text !== 'string') return null
    const replyTo = 'replyTo' in value && typeof value.replyTo === 'number' ? value.replyTo : null
    return { draft: { text: value.text, replyTo }, seen: 'seen' in value ? parseSeen(value.seen) : {} }
  } catch {
    return null
  }
}

function parseSeen(value: unknown): Seen {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).filter(([, changes]) => Number.isSafeInteger(changes)))
}
