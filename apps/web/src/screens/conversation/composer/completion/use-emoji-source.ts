import { useLingui } from '@lingui/react/macro'
import { useMemo } from 'react'
import { findEmojiQuery, findWholeName } from '../../../../emoji/emoji-query.ts'
import { type EmojiSheet, withTone } from '../../../../emoji/emoji-sheet.ts'
import { searchEmoji } from '../../../../emoji/search-emoji.ts'
import { useEmojiHabits } from '../../../../emoji/use-emoji-habits.ts'
import { useEmojiSheet } from '../../../../emoji/use-emoji-sheet.ts'
import { replaceText, type TextEdit } from '../text-edit.ts'
import { type CompletionSource, shownSuggestions } from './completion.ts'

export interface EmojiSource {
  readonly source: CompletionSource
  /** What the second colon of `:name:` makes of it; null when no emoji is called so. */
  readonly replaceName: (text: string, caret: number) => TextEdit | null
}

/** `:` and the beginning of a name: which emoji it may be. They are fetched with the first colon that is written. */
export function useEmojiSource(text: string): EmojiSource {
  const { t } = useLingui()
  const { sheet } = useEmojiSheet(text.includes(':') ? 'now' : 'later')
  const { tone, use } = useEmojiHabits()
  return useMemo(
    () => ({
      source: {
        title: t`Emoji`,
        find: findEmojiQuery,
        suggest: query =>
          (sheet ? searchEmoji(sheet, query, shownSuggestions) : []).map(emoji => ({
            key: emoji.emoji,
            face: { type: 'emoji', emoji: withTone(emoji, tone) },
            label: emoji.name,
            detail: `:${emoji.codes[0]}:`,
            insert: withTone(emoji, tone),
            onChosen: () => use(emoji.emoji),
          })),
      },
      replaceName(written, caret) {
        const query = findWholeName(written, caret)
        const emoji = query && sheet ? findByName(sheet, query.text) : null
        if (!query || !emoji) return null
        use(emoji.emoji)
        return replaceText(query.start, caret, withTone(emoji, tone))
      },
    }),
    [sheet, t, tone, use],
  )
}

/** By a code, or by the whole name in the language of the app. */
function findByName(sheet: EmojiSheet, name: string) {
  const byCode = sheet.byCode.get(name)
  if (byCode) return byCode
  const [best] = searchEmoji(sheet, name, 1)
  return best?.name.toLowerCase() === name.replaceAll('_', ' ').toLowerCase() ? best : null
}
