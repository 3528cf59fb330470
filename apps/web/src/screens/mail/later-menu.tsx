/** When to bring something back, or to send it: a few sensible moments, and any other. */
import { useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { FloatingPanel } from '../../components/floating-panel.tsx'
import { TextField } from '../../components/text-field.tsx'
import type { FloatTrigger } from '../../components/use-float.ts'
import { useSoon } from '../../i18n/use-soon.ts'
import { type LaterId, laterTimes, readLocalField, toLocalField } from './snooze-times.ts'

interface LaterMenuProps {
  readonly title: string
  readonly trigger: (trigger: FloatTrigger & { readonly 'aria-haspopup': 'dialog' }) => ReactNode
  readonly side?: 'top' | 'bottom'
  readonly onChoose: (at: Date) => void
  /** At the end of the choices. */
  readonly more?: (close: () => void) => ReactNode
}

export function LaterMenu({ title, trigger, side = 'bottom', onChoose, more }: LaterMenuProps) {
  return (
    <FloatingPanel title={title} trigger={trigger} side={side} className="w-72">
      {close => (
        <LaterChoices
          onChoose={at => {
            close()
            onChoose(at)
          }}
          more={more?.(close)}
        />
      )}
    </FloatingPanel>
  )
}

const choice =
  'flex min-h-11 w-full items-center gap-3 rounded-sm px-2.5 text-start hover:bg-hover md:pointer-fine:min-h-9'

function LaterChoices({ onChoose, more }: { readonly onChoose: (at: Date) => void; readonly more: ReactNode }) {
  const { t } = useLingui()
  const soon = useSoon()
  const [now] = useState(() => new Date())
  const names: Record<LaterId, string> = {
    'later-today': t`Later today`,
    'this-evening': t`This evening`,
    tomorrow: t`Tomorrow`,
    weekend: t`At the weekend`,
    'next-week': t`Next week`,
  }
  return (
    <>
      <ul>
        {laterTimes(now).map(({ id, at }) => (
          <li key={id}>
            <button type="button" className={choice} onClick={() => onChoose(at)}>
              <span className="flex-1">{names[id]}</span>
              <time dateTime={at.toISOString()} className="tabular text-ink-muted text-meta">
                {soon(at.toISOString())}
              </time>
            </button>
          </li>
        ))}
      </ul>
      <OtherMoment now={now} onChoose={onChoose} />
      {more}
    </>
  )
}

function OtherMoment({ now, onChoose }: { readonly now: Date; readonly onChoose: (at: Date) => void }) {
  const { t } = useLingui()
  const [text, setText] = useState(() => toLocalField(new Date(now.getTime() + 86_400_000)))
  const [error, setError] = useState<string>()
  return (
    <form
      noValidate
      className="mt-1 flex flex-col gap-2 border-line border-t p-2.5"
      onSubmit={event => {
        event.preventDefault()
        const at = readLocalField(text, new Date())
        if (at) onChoose(at)
        else setError(t`Choose a moment that is still to come.`)
      }}
    >
      <TextField
        label={t`Date and time`}
        type="datetime-local"
        value={text}
        min={toLocalField(now)}
        error={error}
        onChange={event => {
          setText(event.target.value)
          setError(undefined)
        }}
      />
      <Button type="submit">{t`Choose`}</Button>
    </form>
  )
}
