/**
 * What the app knows about emoji, cut out of emojibase's data when it is built: one sheet that all languages share, and
 * one of names and keywords for each language, in the same order. Together a sixth of the data's own files, and each is
 * fetched only when somebody looks for an emoji.
 */
import { createRequire } from 'node:module'
import type { CompactEmoji, Emoji, ShortcodesDataset } from 'emojibase'
import type { Plugin } from 'vite'
import type { EmojiRow, EmojiWords } from '../src/emoji/emoji-sheet.ts'

const require = createRequire(import.meta.url)
const prefix = 'virtual:emoji/'
/** The app's languages, and emojibase's for them. */
const locales: Record<string, string> = { en: 'en', 'pt-BR': 'pt', es: 'es' }
/** Parts of emoji (tones, hair), which nobody writes alone. */
const components = 2
/** What every system of the last years can draw. Newer ones carry their version, so that the app can ask the font. */
const drawnEverywhere = 14

export function readRows(): readonly EmojiRow[] {
  const codes = readCodes()
  return readEmoji().map(({ emoji, hexcode, group, skins = [], version }) => {
    const tones = skins.filter(({ tone }) => typeof tone === 'number').map(skin => toStandard(skin.emoji))
    const row = [toStandard(emoji), group ?? 0, codes(hexcode).join(' ')] as const
    if (version > drawnEverywhere) return [...row, tones, version]
    return tones.length > 0 ? [...row, tones] : row
  })
}

export function readWords(language: string): readonly EmojiWords[] {
  const compact: readonly CompactEmoji[] = require(`emojibase-data/${locales[language]}/compact.json`)
  const byCode = new Map(compact.map(one => [one.hexcode, one]))
  return readEmoji().map(({ hexcode, label }) => {
    const found = byCode.get(hexcode)
    return [found?.label ?? label, (found?.tags ?? []).join('|')]
  })
}

/**
 * The one way to write an emoji that Unicode recommends for interchange: emojibase also puts the variation selector where
 * it changes nothing, and then the same reaction of two people would be two.
 */
function toStandard(emoji: string): string {
  const bare = emoji.replace(/\u{FE0F}$/u, '')
  return /^\p{RGI_Emoji}$/v.test(bare) ? bare : emoji
}

function readEmoji(): readonly Emoji[] {
  const all: readonly Emoji[] = require('emojibase-data/en/data.json')
  return all
    .filter(({ group }) => group !== undefined && group !== components)
    .sort((one, other) => (one.order ?? 0) - (other.order ?? 0))
}

/** The names between colons: first the one that GitHub taught people, then emojibase's. */
function readCodes(): (hexcode: string) => readonly string[] {
  const github: ShortcodesDataset = require('emojibase-data/en/shortcodes/github.json')
  const emojibase: ShortcodesDataset = require('emojibase-data/en/shortcodes/emojibase.json')
  return hexcode => [...new Set([github[hexcode] ?? [], emojibase[hexcode] ?? []].flat())]
}

/** `virtual:emoji/rows`, and `virtual:emoji/en` and so on for each language. */
export function emojiSheets(): Plugin {
  return {
    name: 'recado-emoji-sheets',
    resolveId: id => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return
      const sheet = id.slice(prefix.length + 1)
      return `export default ${JSON.stringify(sheet === 'rows' ? readRows() : readWords(sheet))}`
    },
  }
}
