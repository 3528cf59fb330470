/**
 * What this device remembers about how its person likes the app. Kept in localStorage, which may be blocked: then the
 * choices last as long as the page. A choice made in one tab holds in all of them. Widths are in CSS pixels.
 */
import { chooseLanguage, isLanguage, type Language } from '../i18n/languages.ts'
import { createStore, type Store } from './store.ts'

/** What each choice can be; the first counts until one is made. */
const choices = {
  theme: ['system', 'light', 'dark'],
  density: ['comfortable', 'compact'],
  textSize: ['medium', 'small', 'large', 'largest'],
  timeFormat: ['auto', '12', '24'],
  sounds: ['on', 'off'],
  toasts: ['on', 'off'],
  /** Whether letters and signs alone are keys: WCAG 2.1.4 wants a way to switch them off. */
  singleKeys: ['on', 'off'],
} as const

type Choices = { readonly [Name in keyof typeof choices]: (typeof choices)[Name][number] }

export interface Preferences extends Choices {
  readonly language: Language
  readonly listWidth: number
  readonly detailsWidth: number
}

export type PreferencesStore = Store<Preferences>

const storageKey = 'recado.preferences'
export const listWidths = { min: 260, max: 520, initial: 344 } as const
export const detailsWidths = { min: 260, max: 460, initial: 328 } as const

function clampWidth(value: unknown, widths: { min: number; max: number; initial: number }): number {
  return typeof value === 'number' ? Math.min(widths.max, Math.max(widths.min, value)) : widths.initial
}

/** A damaged or unknown choice is none. */
function choose<Value extends string>(values: readonly [Value, ...Value[]], value: unknown): Value {
  return values.find(known => known === value) ?? values[0]
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
    theme: choose(choices.theme, found['theme']),
    density: choose(choices.density, found['density']),
    textSize: choose(choices.textSize, found['textSize']),
    timeFormat: choose(choices.timeFormat, found['timeFormat']),
    sounds: choose(choices.sounds, found['sounds']),
    toasts: choose(choices.toasts, found['toasts']),
    singleKeys: choose(choices.singleKeys, found['singleKeys']),
    language: isLanguage(found['language']) ? found['language'] : chooseLanguage(wanted),
    listWidth: clampWidth(found['listWidth'], listWidths),
    detailsWidth: clampWidth(found['detailsWidth'], detailsWidths),
  }
}

export function createPreferences(storage: Storage | null): PreferencesStore {
  const store = createStore(parsePreferences(storage?.getItem(storageKey) ?? null, navigator.languages))
  applyLook(store.get())
  store.subscribe(() => {
    applyLook(store.get())
    try {
      const next = JSON.stringify(store.get())
      if (storage && storage.getItem(storageKey) !== next) storage.setItem(storageKey, next)
    } catch {
      // Full or blocked: the choice lasts as long as the page.
    }
  })
  window.addEventListener('storage', ({ key, newValue, storageArea }) => {
    if (storageArea === storage && key === storageKey) store.set(parsePreferences(newValue, navigator.languages))
  })
  return store
}

/** What the styles read. */
function applyLook({ theme, density, textSize, listWidth }: Preferences): void {
  const { dataset, style } = document.documentElement
  if (theme === 'system') delete dataset['theme']
  else dataset['theme'] = theme
  dataset['density'] = density
  dataset['textSize'] = textSize
  style.setProperty('--list-width', `${listWidth}px`)
}

/** Null where the browser blocks it. */
export function findStorage(kind: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[kind]
  } catch {
    return null
  }
}
