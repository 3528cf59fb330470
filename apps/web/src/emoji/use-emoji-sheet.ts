import { useEffect, useState, useSyncExternalStore } from 'react'
import { useApp } from '../state/app-context.ts'
import { usePreferences } from '../state/use-snapshot.ts'
import type { EmojiSheet } from './emoji-sheet.ts'

export interface LoadedSheet {
  /** Null until it is there. */
  readonly sheet: EmojiSheet | null
  readonly failed: boolean
}

/** The emoji in the language of the app, fetched once they are wanted. */
export function useEmojiSheet(wanted: 'now' | 'later'): LoadedSheet {
  const { emoji } = useApp()
  const { language } = usePreferences()
  const [failed, setFailed] = useState(false)
  const sheet = useSyncExternalStore(emoji.subscribe, () => emoji.find(language))
  useEffect(() => {
    if (wanted === 'later' || sheet) return
    setFailed(false)
    emoji.load(language).catch(() => setFailed(true))
  }, [emoji, language, sheet, wanted])
  return { sheet, failed }
}
