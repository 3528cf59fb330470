import { Dialog } from '@base-ui/react/dialog'
import { useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { iconButtonClass } from './icon-button.tsx'
import { useFocusReturn } from './use-focus-return.ts'
import { useHistoryEntry } from './use-history-entry.ts'

interface ModalProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly size?: 'wide'
  readonly children: ReactNode
}

/** A dialog: in the middle of a desk, the whole screen of a phone. Esc and Back leave it and focus returns. */
export function Modal({ open, onClose, title, size, children }: ModalProps) {
  const { t } = useLingui()
  useHistoryEntry(open, onClose)
  useFocusReturn(open)
  return (
    <Dialog.Root open={open} onOpenChange={next => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="floating fixed inset-0 z-40 bg-veil" />
        <Dialog.Popup
          className={classNames(
            'floating fixed inset-0 z-50 m-auto flex flex-col overflow-y-auto overflow-x-hidden bg-paper outline-none md:h-fit md:max-h-[min(44rem,88dvh)] md:rounded-lg md:border md:border-line md:shadow-float',
            size === 'wide' ? 'md:w-[48rem]' : 'md:w-[26rem]',
          )}
        >
          <header className="flex shrink-0 items-center gap-2 border-line border-b py-1.5 ps-4 pe-1.5">
            <Dialog.Title className="flex-1 font-semibold text-lead">{title}</Dialog.Title>
            <Dialog.Close aria-label={t`Close`} title={t`Close`} className={iconButtonClass}>
              <X size={20} strokeWidth={1.75} aria-hidden="true" />
            </Dialog.Close>
          </header>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
