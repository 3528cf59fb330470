import { useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Toolbar } from '../../components/toolbar.tsx'
import { type Emoji, type Tone, withTone } from '../emoji-sheet.ts'

interface PickerFootProps {
  /** The one that Enter would take. */
  readonly emoji: Emoji | null
  readonly tone: Tone
  readonly onTone: (tone: Tone) => void
}

const hands: Record<Tone, string> = { 0: '✋', 1: '✋🏻', 2: '✋🏼', 3: '✋🏽', 4: '✋🏾', 5: '✋🏿' }
const tones: readonly Tone[] = [0, 1, 2, 3, 4, 5]
const buttonClass =
  'inline-flex size-11 shrink-0 items-center justify-center rounded text-[1.25rem] leading-none hover:bg-hover aria-pressed:bg-selected md:pointer-fine:size-8'

/** What the chosen emoji is called, and the skin tone of all. */
export function PickerFoot({ emoji, tone, onTone }: PickerFootProps) {
  const { t } = useLingui()
  const words = useToneWords()
  const [choosing, setChoosing] = useState(false)
  const name = words[tone]
  return (
    <div className="flex min-h-12 shrink-0 items-center gap-2 border-line border-t px-1 pt-1">
      {choosing ? (
        <Toolbar label={t`Skin tone`} className="flex flex-1 justify-end">
          {tones.map(one => (
            <button
              key={one}
              type="button"
              aria-label={words[one]}
              title={words[one]}
              aria-pressed={one === tone}
              ref={one === tone ? element => element?.focus() : undefined}
              onClick={() => {
                onTone(one)
                setChoosing(false)
              }}
              className={buttonClass}
            >
              {hands[one]}
            </button>
          ))}
        </Toolbar>
      ) : (
        <>
          <Chosen emoji={emoji} tone={tone} />
          <button
            type="button"
            aria-label={t`Skin tone: ${name}`}
            title={t`Skin tone`}
            onClick={() => setChoosing(true)}
            className={buttonClass}
          >
            {hands[tone]}
          </button>
        </>
      )}
    </div>
  )
}

function Chosen({ emoji, tone }: { readonly emoji: Emoji | null; readonly tone: Tone }) {
  if (!emoji) return <span className="flex-1" />
  return (
    <span aria-hidden="true" className="flex min-w-0 flex-1 items-center gap-2 ps-1">
      <span className="text-[1.75rem] leading-none">{withTone(emoji, tone)}</span>
      <span className="flex min-w-0 flex-col leading-tight">
        <span className="truncate text-meta">{emoji.name}</span>
        <span className="truncate text-fine text-ink-muted">:{emoji.codes[0]}:</span>
      </span>
    </span>
  )
}

function useToneWords(): Record<Tone, string> {
  const { t } = useLingui()
  return {
    0: t`no tone`,
    1: t`light`,
    2: t`medium light`,
    3: t`medium`,
    4: t`medium dark`,
    5: t`dark`,
  }
}
