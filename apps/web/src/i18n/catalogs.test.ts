/** Every string of the app is there in every language, and nothing else is. */
import { join } from 'node:path'
import { type AllCatalogsType, getCatalogs } from '@lingui/cli/api'
import { getConfig } from '@lingui/conf'
import { beforeAll, describe, expect, it } from 'vitest'

/** What may read the same as in English. */
const cognates: Record<string, readonly string[]> = {
  'pt-BR': ['{name}: {body}', '{author}: {body}', 'Ctrl', 'End', 'Enter', 'Home', 'Link', 'Menu', 'Shift', 'Spam'],
  es: ['{name}: {body}', '{author}: {body}', 'Chats', 'Ctrl', 'Spam'],
}

const root = join(import.meta.dirname, '../..')
const config = getConfig({ cwd: root })
const parts = await getCatalogs(config)
/** The folder of each catalog, after the one of the languages. */
const names = parts.map(({ path }) => path.split('/locales/')[1] ?? '')

type Catalog = AllCatalogsType[string] | undefined

/** Strings of the source that a catalog does not have, and those it has for nothing. */
function compare(catalog: Catalog, source: readonly string[]) {
  const kept = Object.values(catalog ?? {}).flatMap(({ message, obsolete }) => (obsolete ? [] : [message ?? '']))
  return { missing: source.filter(text => !kept.includes(text)), leftOver: kept.filter(text => !source.includes(text)) }
}

function findUntranslated(catalog: Catalog, locale: string): readonly string[] {
  const untranslated = Object.values(catalog ?? {}).filter(message => {
    if (!message.translation) return true
    const same = message.translation === message.message
    return locale !== 'en' && same && !cognates[locale]?.includes(message.message ?? '')
  })
  return untranslated.map(({ message = '' }) => message)
}

function findBroken(catalog: Catalog): readonly string[] {
  return Object.values(catalog ?? {}).flatMap(({ message = '', translation = '' }) =>
    placeholders(translation) === placeholders(message) ? [] : [message],
  )
}

/** The names in braces, the tags and the words of plurals, in any order. */
function placeholders(text: string): string {
  return [...new Set(text.match(/\{\w+(?=[,}])|<\/?\d+>|plural|\bone\b(?= \{)|\bother\b(?= \{)/gu) ?? [])]
    .sort()
    .join(' ')
}

it('has a catalog for the first load, one for what comes later, and one for mail', () => {
  expect(names).toEqual(['{locale}', 'later/{locale}', 'mail/{locale}'])
})

const tables = names.flatMap((name, part) => ['en', 'pt-BR', 'es'].map(locale => ({ name, part, locale })))

describe.each(tables)('the catalog $name in $locale', ({ part, locale }) => {
  let extracted: readonly string[] = []
  let catalogs: AllCatalogsType = {}

  beforeAll(async () => {
    const found = await parts[part]?.collect()
    extracted = Object.values(found ?? {}).map(message => message.message ?? '')
    catalogs = (await parts[part]?.readAll()) ?? {}
  }, 60_000)

  it('has exactly the strings of the source', () => {
    expect(extracted.length).toBeGreaterThan(100)
    expect(compare(catalogs[locale], extracted)).toEqual({ missing: [], leftOver: [] })
  })

  it('translates all of them', () => {
    expect(findUntranslated(catalogs[locale], locale)).toEqual([])
  })

  it('keeps every placeholder, tag and plural', () => {
    expect(findBroken(catalogs[locale])).toEqual([])
  })

  it('would be caught with a string missing, left over, in English, or without its plural', () => {
    const [first = '', ...others] = extracted
    const entries = (...pairs: readonly (readonly [string, string])[]): Catalog =>
      Object.fromEntries(pairs.map(([message, translation]) => [message, { message, translation }])) as Catalog
    const all = others.map(text => [text, text] as const)
    expect(compare(entries(...all), extracted).missing).toEqual([first])
    expect(compare(entries(...all, [first, first], ['Gone', 'Gone']), extracted).leftOver).toEqual(['Gone'])
    expect(findUntranslated(entries(['Empty', '']), locale)).toEqual(['Empty'])
    expect(findUntranslated(entries(['Close the door', 'Close the door']), 'es')).toEqual(['Close the door'])
    const plural = '{count, plural, one {# day} other {# days}}'
    expect(findBroken(entries([plural, '{count, plural, other {# días}}']))).toEqual([plural])
    expect(findBroken(entries(['In {place}', 'En {lugar}'], ['<0>Yes</0>', 'Sí']))).toEqual([
      'In {place}',
      '<0>Yes</0>',
    ])
  })
})
