import { Trans, useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { type ReactNode, useState, useSyncExternalStore } from 'react'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { useApp } from '../../state/app-context.ts'
import { useLasting } from '../../state/use-lasting.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'

/** A worker that takes over by itself is a moment on the way, and nothing to tell. */
const settleMs = 500

/**
 * What there is to know about the app itself: a newer build is on this device, or a part of this one cannot be had. A strip
 * above everything and over nothing: it may stand there for hours.
 */
export function UpdateStrip() {
  const { t } = useLingui()
  const { missingPart, updates } = useApp()
  const ready = useLasting(useSyncExternalStore(updates.state.subscribe, updates.state.get) === 'ready', settleMs)
  const missing = useSyncExternalStore(missingPart.subscribe, missingPart.get) === 'yes'
  const [dismissed, setDismissed] = useState(false)
  return (
    <div role="status">
      {missing ? (
        <MissingStrip onClose={() => missingPart.set('no')} />
      ) : ready && !dismissed ? (
        <Strip action={<ReloadButton />} closing={t`Not now`} onClose={() => setDismissed(true)}>
          <Trans>A new version of Recado is ready.</Trans>
        </Strip>
      ) : null}
    </div>
  )
}

/** Without a connection loading the page again could end the app. */
function MissingStrip({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLingui()
  const online = useSnapshot(snapshot => snapshot.connection.state === 'online')
  return (
    <Strip action={online ? <ReloadButton /> : null} closing={t`Close`} onClose={onClose}>
      {online ? (
        <Trans>This could not be loaded. The server may have a newer version.</Trans>
      ) : (
        <Trans>This is not on this device yet, and there is no connection.</Trans>
      )}
    </Strip>
  )
}

function ReloadButton() {
  const { updates } = useApp()
  const [pressed, setPressed] = useState(false)
  const reload = () => {
    setPressed(true)
    void updates.reload()
  }
  return (
    <Button tone="plain" onClick={reload} disabled={pressed} className="px-3 font-semibold text-wax-ink">
      <Trans>Reload</Trans>
    </Button>
  )
}

interface StripProps {
  readonly children: ReactNode
  readonly action: ReactNode
  /** What closing it means. */
  readonly closing: string
  readonly onClose: () => void
}

function Strip({ children, action, closing, onClose }: StripProps) {
  return (
    <div className="animate-arrive flex items-center border-line border-b bg-surface ps-4 pe-1 text-meta max-md:pt-[env(safe-area-inset-top)] md:justify-center">
      <p className="py-2 max-md:flex-1">{children}</p>
      {action}
      <IconButton icon={X} label={closing} onClick={onClose} />
    </div>
  )
}
