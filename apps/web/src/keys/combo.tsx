import { useComboWords } from './combo-words.ts'

/** A combination as keys to press. */
export function Combo({ combo }: { readonly combo: string }) {
  const words = useComboWords()
  return (
    <kbd dir="ltr" className="inline-flex gap-1 font-sans">
      {words(combo).map(word => (
        <kbd
          key={word}
          data-forced-border=""
          className="inline-flex h-6 min-w-6 items-center justify-center rounded-sm border border-line bg-surface px-1.5 text-fine text-ink-muted"
        >
          {word}
        </kbd>
      ))}
    </kbd>
  )
}
