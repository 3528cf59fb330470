import { useLingui } from '@lingui/react/macro'
import { classNames } from './class-names.ts'

/** How far a message of one's own got. */
export type MessageProgress = 'waiting' | 'sent' | 'delivered' | 'read' | 'refused'

/** The words of the glyphs, for hover and for screen readers. */
export function useProgressWords(): Record<MessageProgress, string> {
  const { t } = useLingui()
  return {
    waiting: t`Waiting to send`,
    sent: t`Sent`,
    delivered: t`Delivered`,
    read: t`Read`,
    refused: t`Not sent`,
  }
}

const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.6,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const

function drawing(progress: MessageProgress) {
  switch (progress) {
    case 'waiting':
      return <path {...line} d="M10 3.500a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11Zm0 2.700V9l1.900 1.400" />
    case 'sent':
      return <path {...line} d="m5.500 9.500 3 3 6-7" />
    case 'delivered':
      return <path {...line} d="m2.500 9.500 3 3 6-7m-2 5.800 1.300 1.200 6-7" />
    case 'read':
      return (
        <>
          <rect x="0.500" y="2.200" width="19" height="13.600" rx="4.500" fill="currentColor" />
          <path
            {...line}
            className="stroke-surface"
            d="m3.700 9.500 2.500 2.500 5-5.800m-1.600 4.900 1.100.9 5-5.800"
          />
        </>
      )
    case 'refused':
      return <path {...line} strokeWidth={1.8} d="M10 3 17.200 15.200H2.800L10 3Zm0 4.500v3.300m0 2.200v.1" />
    default:
      return progress satisfies never
  }
}

const colours: Record<MessageProgress, string> = {
  waiting: 'text-ink-muted',
  sent: 'text-ink-muted',
  delivered: 'text-ink-muted',
  read: 'text-present-ink',
  refused: 'text-failure-ink',
}

/** One family of glyphs; each says its word. */
export function StateGlyph({ progress, label }: { readonly progress: MessageProgress; readonly label?: string }) {
  const words = useProgressWords()
  const word = label ?? words[progress]
  return (
    <svg
      viewBox="0 0 20 18"
      role="img"
      aria-label={word}
      className={classNames('h-3.5 w-4 shrink-0', colours[progress])}
      data-progress={progress}
    >
      <title>{word}</title>
      {drawing(progress)}
    </svg>
  )
}
