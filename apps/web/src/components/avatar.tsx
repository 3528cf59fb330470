import { useLingui } from '@lingui/react/macro'
import type { PresenceState } from '@recado/protocol'
import type { CSSProperties } from 'react'
import { classNames } from './class-names.ts'

interface AvatarProps {
  readonly id: number
  readonly name: string
  readonly size?: 'xs' | 'sm' | 'md' | 'lg'
  readonly kind?: 'person' | 'group'
  readonly presence?: PresenceState | null
}

const sizes = {
  xs: 'size-6 text-[0.625rem]',
  sm: 'size-8 text-fine',
  md: 'size-11 text-base',
  lg: 'size-20 text-title',
} as const

/** What can stand for a name: a letter, a digit, an emoji; no bracket, and nothing that cannot be seen. */
const telling = /[\p{L}\p{N}\p{Extended_Pictographic}]/u

const graphemes = new Intl.Segmenter()

/** The first of the first and the last word, by grapheme: an emoji or an accented letter stays whole. */
function initialsOf(name: string): string {
  const initials = name.split(/\s+/u).flatMap(word => {
    const at = word.search(telling)
    // Marks upon marks would grow out of the circle.
    const first = at < 0 ? undefined : firstGrapheme(word.slice(at))
    return first === undefined ? [] : [[...first].slice(0, 8).join('')]
  })
  const last = initials.length > 1 ? initials.at(-1) : ''
  return ((initials[0] ?? '?') + last).toLocaleUpperCase()
}

function firstGrapheme(text: string): string | undefined {
  return graphemes.segment(text).containing(0)?.segment.normalize()
}

/** Made once: lists draw it in every other row, and an icon of the set is built anew each time. */
const groupGlyph = (
  <svg
    aria-hidden="true"
    viewBox="0 0 24 24"
    className="size-[48%]"
    fill="none"
    stroke="currentColor"
    strokeWidth={1.75}
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <circle cx="9" cy="7.5" r="3.75" />
    <path d="M2.25 20.5V19a5 5 0 0 1 5-5h3.5a5 5 0 0 1 5 5v1.5M15.5 3.9a3.75 3.75 0 0 1 0 7.2M18.75 14.25a5 5 0 0 1 3 4.6v1.65" />
  </svg>
)

/** Initials on one of twelve quiet colours chosen by the id. */
export function Avatar({ id, name, size = 'md', kind = 'person', presence = null }: AvatarProps) {
  const hue = (id % 12) * 30 + 12
  return (
    <span className="relative inline-flex shrink-0">
      <span
        aria-hidden="true"
        // Drawn and no text: what a button around it says is its label, not two letters.
        data-initials={kind === 'group' ? undefined : initialsOf(name)}
        style={{ '--hue': hue } as CSSProperties}
        className={classNames(
          'avatar-colours before:content-[attr(data-initials)] inline-flex select-none items-center justify-center overflow-hidden font-semibold',
          kind === 'group' ? 'rounded' : 'rounded-full',
          sizes[size],
        )}
      >
        {kind === 'group' ? groupGlyph : null}
      </span>
      {presence && presence !== 'offline' ? <PresenceDot presence={presence} /> : null}
    </span>
  )
}

/** Full when here, a ring when away: the shape says it as well as the colour. */
function PresenceDot({ presence }: { readonly presence: 'online' | 'away' }) {
  const { t } = useLingui()
  const label = presence === 'online' ? t`online` : t`away`
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className="absolute -end-0.5 -bottom-0.5 flex size-3.5 items-center justify-center rounded-full bg-paper"
    >
      <span
        data-forced-fill={presence === 'online' ? '' : undefined}
        className={classNames(
          'size-2.5 rounded-full',
          presence === 'online' ? 'bg-present' : 'border-2 border-present bg-paper',
        )}
      />
    </span>
  )
}
