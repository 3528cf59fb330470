import { lazyView } from '../parts/lazy-view.tsx'
import { NotLoaded } from './not-loaded.tsx'

interface EmojiPickerProps {
  readonly onPick: (emoji: string) => void
}

const EmojiPicker = lazyView<EmojiPickerProps>(
  () => import('./picker/emoji-picker.tsx').then(module => module.EmojiPicker),
  { missing: NotLoaded },
)

/** The picker, in the size of what floats. It is loaded when it is first opened. */
export function EmojiPanel({ onPick }: EmojiPickerProps) {
  return (
    <div className="flex h-[min(25rem,calc(var(--available-height,25rem)-1rem))] w-[min(22.25rem,calc(100vw-1.5rem))] flex-col pointer-coarse:w-[min(22.5rem,calc(100vw-1.5rem))]">
      <EmojiPicker onPick={onPick} />
    </div>
  )
}

/** The same over the whole of what holds it. */
export function EmojiPage({ onPick }: EmojiPickerProps) {
  return (
    <div className="flex min-h-0 flex-1 flex-col p-1 md:h-[25rem] md:flex-none">
      <EmojiPicker onPick={onPick} />
    </div>
  )
}
