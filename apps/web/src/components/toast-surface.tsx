import { Toast } from '@base-ui/react/toast'
import { useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { undoMs } from '../state/deferrals.ts'
import type { ToastQueue } from '../state/toast-queue.ts'
import { classNames } from './class-names.ts'
import { iconButtonClass } from './icon-button.tsx'
import { Isolated } from './isolated.tsx'

/**
 * Never over the newest message nor over what is being written: above the list of chats at a desk, where the newest one
 * is the lowest; under the header of a phone, where it is the highest.
 */
const place =
  'inset-x-3 top-[calc(3.75rem+env(safe-area-inset-top))] flex-col ' +
  'md:inset-x-auto md:start-21 md:top-auto md:bottom-3 md:w-[calc(var(--list-width,21.5rem)-1.5rem)] md:flex-col-reverse'

interface ToastSurfaceProps {
  readonly queue: ToastQueue
}

/** What just happened and, where it can be, the way to undo it. */
export function ToastSurface({ queue }: ToastSurfaceProps) {
  const { t } = useLingui()
  return (
    <Toast.Provider timeout={6_000} limit={3}>
      <ToastFeed queue={queue} />
      <Toast.Portal>
        <Toast.Viewport
          aria-label={t`Notices`}
          className={classNames('pointer-events-none fixed z-60 flex gap-2', place)}
        >
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

/** Takes what waits in the queue, and empties it. */
function ToastFeed({ queue }: ToastSurfaceProps) {
  const { add, close } = Toast.useToastManager()
  const waiting = useSyncExternalStore(queue.subscribe, queue.get)
  useEffect(() => {
    if (waiting.length === 0) return
    queue.set([])
    for (const { description, action } of waiting) {
      const id = add({
        title: <Isolated text={description} />,
        ...(action && {
          timeout: undoMs,
          actionProps: {
            children: action.label,
            onClick: () => {
              action.run()
              close(id)
            },
          },
        }),
      })
    }
  }, [add, close, queue, waiting])
  return null
}

function ToastList() {
  const { t } = useLingui()
  const { toasts } = Toast.useToastManager()
  return toasts.map(toast => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['up', 'down', 'left', 'right']}
      data-forced-border=""
      className="floating pointer-events-auto w-full rounded bg-ink text-paper shadow-float data-limited:hidden"
    >
      <Toast.Content className="flex items-center gap-1 py-1 ps-4 pe-1">
        <div className="min-w-0 flex-1 py-1.5">
          <Toast.Title render={<p />} className="spoken line-clamp-4" />
        </div>
        <Toast.Action className="min-h-11 rounded px-3 font-semibold underline underline-offset-4 empty:hidden md:pointer-fine:min-h-9" />
        <Toast.Close
          aria-label={t`Close`}
          className={`${iconButtonClass} text-paper hover:bg-transparent hover:text-paper`}
        >
          <X size={18} strokeWidth={1.75} aria-hidden="true" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
