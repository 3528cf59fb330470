/** The sheets of emoji, each language's fetched when it is first asked for and then kept. */
import type { Language } from '../i18n/languages.ts'
import { buildSheet, type EmojiSheet, type EmojiWords } from './emoji-sheet.ts'

export interface EmojiShelf {
  /** Null until it was loaded. */
  find(language: Language): EmojiSheet | null
  /** Rejects when it cannot be fetched; the next call tries again. */
  load(language: Language): Promise<void>
  subscribe(listener: () => void): () => void
}

const words: Record<Language, () => Promise<{ default: readonly EmojiWords[] }>> = {
  en: () => import('virtual:emoji/en'),
  'pt-BR': () => import('virtual:emoji/pt-BR'),
  es: () => import('virtual:emoji/es'),
}

export function createEmojiShelf(): EmojiShelf {
  const sheets = new Map<Language, EmojiSheet>()
  const loading = new Map<Language, Promise<void>>()
  const listeners = new Set<() => void>()

  async function fetchSheet(language: Language): Promise<void> {
    const [rows, named, { createIsDrawn }] = await Promise.all([
      import('virtual:emoji/rows'),
      words[language](),
      import('./is-drawn.ts'),
    ])
    sheets.set(language, buildSheet(rows.default, named.default, createIsDrawn()))
    for (const listener of [...listeners]) listener()
  }

  return {
    find: language => sheets.get(language) ?? null,
    load(language) {
      const known = loading.get(language)
      if (known !== undefined) return known
      const started = fetchSheet(language)
      loading.set(language, started)
      started.catch(() => loading.delete(language))
      return started
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
