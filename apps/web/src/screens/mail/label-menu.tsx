/** Labels of one or several mails: set, taken away, and made by their name. */
import { useLingui } from '@lingui/react/macro'
import type { MailChange } from '@recado/client'
import type { MailHeader } from '@recado/protocol'
import { Check, Minus, Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { FloatingPanel } from '../../components/floating-panel.tsx'
import { fieldClass } from '../../components/text-field.tsx'
import type { FloatTrigger } from '../../components/use-float.ts'
import { fold } from '../../state/fold.ts'
import { useMailSnapshot } from './use-mail.ts'

interface LabelMenuProps {
  readonly trigger: (trigger: FloatTrigger & { readonly 'aria-haspopup': 'dialog' }) => ReactNode
  readonly mails: readonly MailHeader[]
  readonly onChange: (change: Pick<MailChange, 'addLabels' | 'removeLabels'>) => void
}

export function LabelMenu({ trigger, mails, onChange }: LabelMenuProps) {
  const { t } = useLingui()
  return (
    <FloatingPanel title={t`Labels`} trigger={trigger} className="w-64">
      {() => <LabelChoices mails={mails} onChange={onChange} />}
    </FloatingPanel>
  )
}

const row =
  'flex min-h-11 w-full items-center gap-2.5 rounded-sm px-2.5 text-start hover:bg-hover md:pointer-fine:min-h-9'
/** Code points of a label (`limits.labelLength`). */
const longest = 50

function LabelChoices({ mails, onChange }: Pick<LabelMenuProps, 'mails' | 'onChange'>) {
  const { t } = useLingui()
  const known = useMailSnapshot(({ labels }) => labels)
  const [query, setQuery] = useState('')
  const wanted = query.trim()
  const shown = known.filter(label => fold(label).includes(fold(wanted)))
  const isNew = wanted !== '' && !known.includes(wanted)
  const add = () => {
    if (!isNew) return
    onChange({ addLabels: [[...wanted].slice(0, longest).join('')] })
    setQuery('')
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        add()
      }}
    >
      <div className="p-1.5">
        <input
          aria-label={t`Find or make a label`}
          placeholder={t`Find or make a label`}
          value={query}
          dir="auto"
          onChange={event => setQuery(event.target.value)}
          className={fieldClass}
        />
      </div>
      <ul className="max-h-64 overflow-y-auto">
        {shown.map(label => {
          const carrying = mails.filter(({ entry }) => entry.labels.includes(label)).length
          const all = carrying === mails.length
          const checked = all ? 'true' : carrying > 0 ? 'mixed' : 'false'
          return (
            <li key={label}>
              {/* biome-ignore lint/a11y/useSemanticElements: of several mails some may carry it. */}
              <button
                type="button"
                role="checkbox"
                aria-checked={checked}
                className={row}
                onClick={() => onChange(all ? { removeLabels: [label] } : { addLabels: [label] })}
              >
                <span className="flex size-5 shrink-0 items-center justify-center rounded-sm border border-line-strong">
                  {checked === 'true' ? <Check size={15} aria-hidden="true" /> : null}
                  {checked === 'mixed' ? <Minus size={15} aria-hidden="true" /> : null}
                </span>
                <bdi className="one-line min-w-0">{label}</bdi>
              </button>
            </li>
          )
        })}
      </ul>
      {isNew ? (
        <button type="submit" className={row}>
          <Plus size={18} strokeWidth={1.75} className="shrink-0" aria-hidden="true" />
          <span className="spoken min-w-0">{t`Make the label “${wanted}”`}</span>
        </button>
      ) : null}
    </form>
  )
}
