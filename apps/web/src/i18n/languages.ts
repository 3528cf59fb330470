/** The languages of the app; each names itself. */
export const languages = [
  { id: 'en', name: 'English' },
  { id: 'pt-BR', name: 'Português (Brasil)' },
  { id: 'es', name: 'Español' },
] as const

export type Language = (typeof languages)[number]['id']

export function isLanguage(value: unknown): value is Language {
  return languages.some(language => language.id === value)
}

/**
 * The locale for times and lists: the app's language as it is spoken where the person lives, if the browser says so. Its
 * hour cycle and order of dates are the person's own.
 */
export function regionalLocale(language: string, wanted: readonly string[]): string {
  const primary = (tag: string) => tag.toLowerCase().split('-')[0]
  return wanted.find(tag => primary(tag) === primary(language)) ?? language
}

/** The same locale with another clock, by BCP 47's extension `hc`; `auto` leaves it the locale's own. */
export function withHourCycle(locale: string, cycle: 'auto' | '12' | '24'): string {
  if (cycle === 'auto') return locale
  return new Intl.Locale(locale, { hourCycle: cycle === '12' ? 'h12' : 'h23' }).toString()
}

/** The best of ours for what the browser asks for: the same primary language is enough. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-')[0]
    const found = languages.find(language => language.id.toLowerCase().split('-')[0] === primary)
    if (found) return found.id
  }
  return 'en'
}
