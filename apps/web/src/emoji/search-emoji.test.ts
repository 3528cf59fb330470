import { describe, expect, it } from 'vitest'
import { readRows, readWords } from '../../scripts/emoji-sheets.ts'
import { findEmojiQuery, findWholeName } from './emoji-query.ts'
import { buildSheet, withTone } from './emoji-sheet.ts'
import { searchEmoji } from './search-emoji.ts'

const rows = readRows()
const sheetOf = (language: string) => buildSheet(rows, readWords(language), version => version < 15)
const sheets = { en: sheetOf('en'), 'pt-BR': sheetOf('pt-BR'), es: sheetOf('es') }

const find = (language: keyof typeof sheets, query: string) =>
  searchEmoji(sheets[language], query, 6).map(({ emoji }) => emoji)

describe('the sheets of emoji', () => {
  it('hold all emoji in the order of their groups, named in every language', () => {
    for (const { all } of Object.values(sheets)) {
      expect(all.length).toBeGreaterThan(1_800)
      expect(all.map(({ group }) => group)).toEqual(all.map(({ group }) => group).toSorted((a, b) => a - b))
      expect(all.filter(({ name, codes }) => name === '' || codes[0] === '').map(({ emoji }) => emoji)).toEqual([])
    }
    const same = sheets.es.all.filter(({ name }, index) => name === sheets.en.all[index]?.name)
    expect(same.length).toBeLessThan(120)
  })

  it('write each as Unicode recommends, so that everybody reacts with the same', () => {
    const written = rows.flatMap(([emoji, , , tones = []]) => [emoji, ...tones])
    expect(written.filter(emoji => !/^\p{RGI_Emoji}$/v.test(emoji))).toEqual([])
  })

  it('leave out what the font does not draw, and know every tone', () => {
    expect(sheets.en.byEmoji.has('🫩')).toBe(false)
    const wave = sheets.en.byCode.get('wave')
    if (!wave) throw new Error('There is a waving hand.')
    expect([withTone(wave, 0), withTone(wave, 5)]).toEqual(['👋', '👋🏿'])
    expect(sheets.en.byEmoji.get('👋🏽')).toBe(wave)
    const heart = sheets.en.byCode.get('heart')
    expect(heart && withTone(heart, 5)).toBe('❤️')
  })
})

describe('finding an emoji', () => {
  it.each([
    ['en', 'tada', '🎉'],
    ['en', 'heart', '❤️'],
    ['en', '+1', '👍'],
    ['en', 'thumbs up', '👍'],
    ['en', 'waving_hand', '👋'],
    ['pt-BR', 'coração vermelho', '❤️'],
    ['pt-BR', 'coracao_vermelho', '❤️'],
    ['pt-BR', 'tada', '🎉'],
    ['pt-BR', 'gato', '🐈'],
    ['es', 'corazón rojo', '❤️'],
    ['es', 'MONO', '🐒'],
  ] as const)('in %s by %s', (language, query, emoji) => expect(find(language, query)).toContain(emoji))

  it('puts the very name first, asks for all words, and finds nothing for nothing', () => {
    expect(find('en', 'tada')[0]).toBe('🎉')
    expect(find('en', 'cat')[0]).toBe('🐱')
    expect(find('en', 'hea')[0]).toBe('❤️')
    expect(find('en', 'flag brazil')).toEqual(['🇧🇷'])
    expect(find('pt-BR', 'bandeira bras')).toEqual(['🇧🇷'])
    expect(find('en', 'qqqq')).toEqual([])
    expect(find('en', '  ')).toEqual([])
  })
})

describe('a name between colons', () => {
  it.each([
    ['see :ta', { start: 4, text: 'ta' }],
    [':coração', { start: 0, text: 'coração' }],
    ['(:+1', { start: 1, text: '+1' }],
    ['🎉:ta', { start: 2, text: 'ta' }],
  ])('is being written in %s', (text, query) => expect(findEmojiQuery(text, text.length)).toEqual(query))

  it.each(['at 12:30', 'note:this', ':t', ': ta', 'https://x', '::ta'])('is not in %s', text =>
    expect(findEmojiQuery(text, text.length)).toBeNull(),
  )

  it('is whole with its second colon', () => {
    expect(findWholeName('so :tada:', 9)).toEqual({ start: 3, text: 'tada' })
    expect(findWholeName('so :tada', 8)).toBeNull()
    expect(findWholeName('12:30:', 6)).toBeNull()
  })
})
