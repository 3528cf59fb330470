/** Every string of the app is there in every language, and nothing else is. */
import { join } from 'node:path'
import { type AllCatalogsType, getCatalogs } from '@lingui/cli/api'
import { getConfig } from '@lingui/conf'
import { beforeAll, describe, expect, it } from 'vitest'

/** What may read the same as in English. */
const cognates: Record<string, readonly string[]> = {
  'pt-BR': ['{name}: {body}', '{author}: {body}', 'Ctrl', 'End', 'Enter', 'Home', 'Link', 'Shift'],
  es: ['{name}: {body}', '{author}: {body}', 'Chats', 'Ctrl'],
}

const root = join(import.meta.dirname, '../..')
let extracted: readonly string[] = []
let catalogs: AllCatalogsType = {}

beforeAll(async () => {
  const config = getConfig({ cwd: root })
  const [catalog] = await getCatalogs(config)
  if (!catalog) throw new Error('lingui.config.ts names no catalog.')
  const found = await catalog.collect()
  extracted = Object.values(found ?? {}).map(message => message.message ?? '')
  catalogs = await catalog.readAll()
}, 60_000)

describe.each(['en', 'pt-BR', 'es'])('the catalog %s', locale => {
  it('has exactly the strings of the source', () => {
    expect(extracted.length).toBeGreaterThan(100)
    const kept = Object.values(catalogs[locale] ?? {}).filter(message => !message.obsolete)
    expect(kept.map(message => message.message).sort()).toEqual([...extracted].sort())
  })

  it('translates all of them', () => {
    const untranslated = Object.values(catalogs[locale] ?? {}).filter(message => {
      if (!message.translation) return true
      const same = message.translation === message.message
      return locale !== 'en' && same && !cognates[locale]?.includes(message.message ?? '')
    })
    expect(untranslated.map(message => message.message)).toEqual([])
  })

  it('keeps every placeholder, tag and plural', () => {
    const broken = Object.values(catalogs[locale] ?? {}).filter(
      message => placeholders(message.translation ?? '') !== placeholders(message.message ?? ''),
    )
    expect(broken.map(message => message.message)).toEqual([])
  })
})

/** The names in braces, the tags and the words of plurals, in any order. */
function placeholders(text: string): string {
  return [...new Set(text.match(/\{\w+(?=[,}])|<\/?\d+>|plural|\bone\b(?= \{)|\bother\b(?= \{)/gu) ?? [])]
    .sort()
    .join(' ')
}
