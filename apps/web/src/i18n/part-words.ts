/**
 * The words of what is loaded later, in catalogs of their own: one chunk for each language. They join those of the language in
 * use before anything that says them is shown, and come along when another language is chosen.
 */
import type { Messages } from '@lingui/core'
import { PartMissingError } from '../parts/part-missing-error.ts'
import { isLanguage, type Language } from './languages.ts'

type Load = () => Promise<{ messages: Messages }>

const catalogs: Record<'later' | 'mail', Record<Language, Load>> = {
  later: {
    en: () => import('./locales/later/en.po'),
    'pt-BR': () => import('./locales/later/pt-BR.po'),
    es: () => import('./locales/later/es.po'),
  },
  mail: {
    en: () => import('./locales/mail/en.po'),
    'pt-BR': () => import('./locales/mail/pt-BR.po'),
    es: () => import('./locales/mail/es.po'),
  },
}

export type WordsPart = keyof typeof catalogs

/** By the catalog that they join. */
const joined = new WeakMap<Messages, Map<WordsPart, Promise<void>>>()

/** A language and its words, as `i18n` has them. */
interface Words {
  readonly locale: string
  readonly messages: Messages
}

/** The same promise for the same part of the same language, so that a component can wait for it. */
export function joinWords(part: WordsPart, { locale, messages }: Words): Promise<void> {
  const parts = joined.get(messages) ?? new Map<WordsPart, Promise<void>>()
  joined.set(messages, parts)
  const known = parts.get(part) ?? join(part, { locale, messages }, () => parts.delete(part))
  parts.set(part, known)
  return known
}

async function join(part: WordsPart, { locale, messages }: Words, forget: () => void): Promise<void> {
  if (!isLanguage(locale)) return
  const found = await catalogs[part][locale]().catch((cause: unknown) => {
    throw new PartMissingError(cause, forget)
  })
  Object.assign(messages, found.messages)
}

/** Which parts joined these words. */
export function partsOf(messages: Messages): readonly WordsPart[] {
  return [...(joined.get(messages)?.keys() ?? [])]
}
