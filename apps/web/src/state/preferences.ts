/**
 * What this device remembers about how its person likes the app. Kept in localStorage, which may be blocked: then the
 * choices last as long as the page. Widths are in CSS pixels.
 */
import { chooseLanguage, isLanguage, type Language } from '../i18n/languages.ts'
import { createStore, type Store } from './store.ts'

export type Theme = 'system' | 'light' | 'dark'

export interface Preferences {
  readonly theme: Theme
  readonly language: Language
  readonly listWidth: number
  readonly detailsWidth: number
}

export type PreferencesStore = Store<Preferences>

const storageKey = 'recado.preferences'
export const listWidths = { min: 260, max: 520, initial: 344 } as const
export const detailsWidths = { min: 260, max: 460, initial: 328 } as const

function isTheme(value: unknown): value is Theme {
  return value === 'system' || value === 'light' || value === 'dark'
}

function clampWidth(value: unknown, widths: { min: number; max: number; initial: number }): number {
  return typeof value === 'number' ? Math.min(widths.max, Math.max(widths.min, value)) : widths.initial
}

export function parsePreferences(kept: string | null, wanted: readonly string[]): Preferences {
  let found: Record<string, unknown> = {}
  try {
    const value: unknown = JSON.parse(kept ?? '{}')
    if (typeof value === 'object' && value !== null) found = { ...value }
  } catch {
    // A damaged entry is as good as none: the choices start over.
  }
  return {
    theme: isTheme(found['theme']) ? found['theme'] : 'system',
    language: isLanguage(found['language']) ? found['language'] : chooseLanguage(wanted),
    listWidth: clampWidth(found['listWidth'], listWidths),
    detailsWidth: clampWidth(found['detailsWidth'], detailsWidths),
  }
}

export function createPreferences(storage: Storage | null): PreferencesStore {
  const store = createStore(parsePreferences(storage?.getItem(storageKey) ?? null, navigator.languages))
  applyTheme(store.get().theme)
  store.subscribe(() => {
    applyTheme(store.get().theme)
    try {
      storage?.setItem(storageKey, JSON.stringify(store.get()))
    } catch {
      // Full or blocked: the choice lasts as long as the page.
    }
  })
  return store
}

function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

/** Null where the browser blocks it. */
export function findStorage(): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}
