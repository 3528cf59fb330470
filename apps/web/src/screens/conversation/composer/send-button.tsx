import { useLingui } from '@lingui/react/macro'
import { Check, SendHorizontal } from 'lucide-react'

interface SendButtonProps {
  /** Whether a message is being edited, and not a new one written. */
  readonly saving: boolean
  readonly disabled: boolean
}

/** The one primary action of the screen. */
export function SendButton({ saving, disabled }: SendButtonProps) {
  const { t } = useLingui()
  const words = saving ? t`Save` : t`Send`
  return (
    <button
      type="submit"
      disabled={disabled}
      aria-label={words}
      title={words}
      className="inline-flex size-11 shrink-0 items-center justify-center rounded bg-wax text-on-wax hover:bg-wax-deep disabled:bg-transparent disabled:text-ink-muted md:pointer-fine:size-9"
    >
      {saving ? (
        <Check size={20} strokeWidth={1.75} aria-hidden="true" />
      ) : (
        <SendHorizontal size={20} strokeWidth={1.75} className="rtl:rotate-180" aria-hidden="true" />
      )}
    </button>
  )
}
