import emojis from 'emojibase-data/en/compact.json' with { type: 'json' }
import { expect, it } from 'vitest'
import { isFewEmoji } from './few-emoji.ts'

it('knows every emoji that Unicode recommends, and none in a text', () => {
  const all = emojis
    .flatMap(({ unicode, skins = [] }) => [unicode, ...skins.map(skin => skin.unicode)])
    .filter(emoji => /^\p{RGI_Emoji}$/v.test(emoji))
  expect(all.length).toBeGreaterThan(3_000)
  expect(all.filter(emoji => !isFewEmoji(emoji))).toEqual([])
  expect(isFewEmoji(' 👍 ❤️\n🙏 ')).toBe(true)
  for (const text of ['', ' ', '7', '#1', '©', 'É bom 👍', '👍 é bom', '👍👍👍👍']) expect(isFewEmoji(text)).toBe(false)
})
