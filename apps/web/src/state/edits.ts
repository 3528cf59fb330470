/**
 * The messages that are being edited: at most one in each conversation of a tab. What it says so far is kept on this
 * device at every change, so neither a reload nor a crash loses it, and whoever leaves an edit finds the text as it was;
 * which one is open belongs to the tab. Forgotten once it is saved, for an account when it signs out here, and after a
 * month. When the browser's storage is blocked or full, edits last as long as the page.
 *
 * The text is kept with what the message said when the edit began: if another device has edited it since, the two are
 * merged instead of one writing over the other.
 */
import type { AccountId, ConversationId } from '@recado/protocol'
import { mergeText } from './merge-text.ts'

export interface Edit {
  readonly sequence: number
  /** What the message said when the edit began. */
  readonly body: string
  readonly text: string
}

export interface Edits {
  /** The one that is open in this tab: the same object until it changes. */
  find(account: AccountId, conversation: ConversationId): Edit | null
  begin(account: AccountId, conversation: ConversationId, message: Pick<Edit, 'sequence' | 'body'>): void
  write(account: AccountId, conversation: ConversationId, text: string): void
  /** Closes it; what was changed stays for whoever comes back. */
  leave(account: AccountId, conversation: ConversationId): void
  /** It was saved. */
  finish(account: AccountId, conversation: ConversationId, sequence: number): void
  clear(account: AccountId): void
  /** Nobody is signed in any more: what is open is read again from what is kept, by whoever comes. */
  forget(): void
  subscribe(listener: () => void): () => void
}

/** On this device, and in this tab. */
export interface EditStorages {
  readonly device: Storage | null
  readonly tab: Storage | null
}

const textPrefix = 'recado.edit.'
const openPrefix = 'recado.editing.'
const keptForMs = 30 * 24 * 60 * 60_000

export function createEdits({ device, tab }: EditStorages): Edits {
  forgetOld(device)
  const texts = createShelf(device)
  const openOnes = createShelf(tab)
  const known = new Map<string, Edit | null>()
  const listeners = new Set<() => void>()
  const placeOf = (account: AccountId, conversation: ConversationId) => `${account}.${conversation}`

  function tell(): void {
    for (const listener of [...listeners]) listener()
  }

  function findText(place: string, sequence: number): Edit | null {
    return parseEdit(sequence, texts.get(`${textPrefix}${place}.${sequence}`))
  }

  function open(place: string, edit: Edit): void {
    known.set(place, edit)
    const { sequence, body, text } = edit
    texts.set(`${textPrefix}${place}.${sequence}`, JSON.stringify({ body, text, at: Date.now() }))
    openOnes.set(`${openPrefix}${place}`, String(sequence))
    tell()
  }

  function close(place: string): void {
    const edit = find(place)
    if (edit && edit.text === edit.body) texts.remove(`${textPrefix}${place}.${edit.sequence}`)
    known.set(place, null)
    openOnes.remove(`${openPrefix}${place}`)
    tell()
  }

  function find(place: string): Edit | null {
    const found = known.get(place)
    if (found !== undefined) return found
    const sequence = Number(openOnes.get(`${openPrefix}${place}`))
    const edit = sequence > 0 ? findText(place, sequence) : null
    known.set(place, edit)
    return edit
  }

  return {
    find: (account, conversation) => find(placeOf(account, conversation)),
    begin(account, conversation, { sequence, body }) {
      const place = placeOf(account, conversation)
      close(place)
      const left = findText(place, sequence)
      open(place, { sequence, body, text: left ? mergeText(left.body, left.text, body) : body })
    },
    write(account, conversation, text) {
      const place = placeOf(account, conversation)
      const edit = find(place)
      if (edit) open(place, { ...edit, text })
    },
    leave: (account, conversation) => close(placeOf(account, conversation)),
    finish(account, conversation, sequence) {
      const place = placeOf(account, conversation)
      if (find(place)?.sequence === sequence) close(place)
      texts.remove(`${textPrefix}${place}.${sequence}`)
    },
    clear(account) {
      texts.removeAll(`${textPrefix}${account}.`)
      openOnes.removeAll(`${openPrefix}${account}.`)
      known.clear()
      tell()
    },
    forget() {
      if (known.size === 0) return
      known.clear()
      tell()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A storage, and what it could not take. */
function createShelf(storage: Storage | null) {
  const beside = new Map<string, string>()
  const remove = (key: string) => {
    beside.delete(key)
    storage?.removeItem(key)
  }
  return {
    get: (key: string) => beside.get(key) ?? storage?.getItem(key) ?? null,
    set(key: string, value: string) {
      try {
        if (!storage) throw new Error('There is none.')
        storage.setItem(key, value)
        beside.delete(key)
      } catch {
        beside.set(key, value)
      }
    },
    remove,
    removeAll(prefix: string) {
      for (const key of [...beside.keys(), ...Object.keys(storage ?? {})]) if (key.startsWith(prefix)) remove(key)
    },
  }
}

function forgetOld(device: Storage | null): void {
  for (const key of Object.keys(device ?? {})) {
    if (!key.startsWith(textPrefix)) continue
    const at = Number(/"at":(\d+)\}$/u.exec(device?.getItem(key) ?? '')?.[1] ?? 0)
    if (Date.now() - at > keptForMs) device?.removeItem(key)
  }
}

function parseEdit(sequence: number, kept: string | null): Edit | null {
  try {
    const value: unknown = JSON.parse(kept ?? 'null')
    if (typeof value !== 'object' || value === null || !('text' in value) || !('body' in value)) return null
    const { text, body } = value
    return typeof text === 'string' && typeof body === 'string' ? { sequence, body, text } : null
  } catch {
    return null
  }
}
