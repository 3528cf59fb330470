import type { I18n, Messages } from '@lingui/core'
import type { Language } from './languages.ts'

/** One chunk per language: only the one in use is loaded. */
const catalogs: Record<Language, () => Promise<{ messages: Messages }>> = {
  en: () => import('./locales/en.po'),
  'pt-BR': () => import('./locales/pt-BR.po'),
  es: () => import('./locales/es.po'),
}

export async function activateLanguage(i18n: I18n, language: Language): Promise<void> {
  const { messages } = await catalogs[language]()
  i18n.loadAndActivate({ locale: language, messages })
  document.documentElement.lang = language
}
