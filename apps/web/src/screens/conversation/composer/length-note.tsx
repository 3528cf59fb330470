import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { classNames } from '../../../components/class-names.ts'
import { SaidAtRest } from '../../../components/said-at-rest.tsx'

interface LengthNoteProps {
  readonly id: string
  /** Negative beyond the end. */
  readonly left: number
  /** Counts the attempts to send it nevertheless: each is answered aloud. */
  readonly refusals: number
}

/** How much still fits; beyond the end, what to do. */
export function LengthNote({ id, left, refusals }: LengthNoteProps) {
  const { t } = useLingui()
  const over = -left
  const tone = over > 0 ? 'text-failure-ink' : 'text-ink-muted'
  const words =
    left >= 0
      ? t({ message: plural(left, { one: '# character left', other: '# characters left' }) })
      : t({
          message: plural(over, {
            one: '# character too long to send. Shorten it, or send it in two messages.',
            other: '# characters too long to send. Shorten it, or send it in two messages.',
          }),
        })
  return (
    <>
      <p id={id} className={classNames('tabular px-3.5 pb-1.5 text-end text-fine', tone)}>
        {words}
      </p>
      {left < 0 && refusals > 0 ? (
        <p key={refusals} role="alert" className="sr-only">
          {words}
        </p>
      ) : (
        <SaidAtRest words={words} />
      )}
    </>
  )
}
