import type { I18n, Messages } from '@lingui/core'
import type { Language } from './languages.ts'
import { joinWords, partsOf } from './part-words.ts'

/** One chunk per language: only the one in use is loaded. */
const catalogs: Record<Language, () => Promise<{ messages: Messages }>> = {
  en: () => import('./locales/en.po'),
  'pt-BR': () => import('./locales/pt-BR.po'),
  es: () => import('./locales/es.po'),
}

export async function activateLanguage(i18n: I18n, language: Language): Promise<void> {
  const { messages } = await catalogs[language]()
  // What is shown already says words of parts that were loaded later.
  await Promise.all(partsOf(i18n.messages).map(part => joinWords(part, { locale: language, messages })))
  i18n.loadAndActivate({ locale: language, messages })
  document.documentElement.lang = language
  nameManifest(language)
}

/** An app that gets installed speaks the language in use: one manifest each, the same app by their `id`. */
function nameManifest(language: Language): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]')
  const path = language === 'en' ? '/manifest.webmanifest' : `/manifest.${language}.webmanifest`
  if (link && link.getAttribute('href') !== path) link.href = path
}
