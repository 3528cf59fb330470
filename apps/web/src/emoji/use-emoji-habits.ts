import { useMemo, useSyncExternalStore } from 'react'
import { useApp } from '../state/app-context.ts'
import type { EmojiHabits } from '../state/emoji-habits.ts'
import { useMe } from '../state/use-snapshot.ts'
import type { Tone } from './emoji-sheet.ts'

interface OwnEmojiHabits extends EmojiHabits {
  /** Remembers that this emoji, without a tone, was used. */
  readonly use: (emoji: string) => void
  readonly setTone: (tone: Tone) => void
}

export function useEmojiHabits(): OwnEmojiHabits {
  const { emojiHabits } = useApp()
  const { id } = useMe()
  const habits = useSyncExternalStore(emojiHabits.subscribe, () => emojiHabits.get(id))
  return useMemo(
    () => ({
      ...habits,
      use: emoji => emojiHabits.use(id, emoji),
      setTone: tone => emojiHabits.setTone(id, tone),
    }),
    [emojiHabits, habits, id],
  )
}
