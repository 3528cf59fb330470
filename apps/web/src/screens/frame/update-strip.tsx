import { Trans, useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { useApp } from '../../state/app-context.ts'
import { useLasting } from '../../state/use-lasting.ts'

/** A worker that takes over by itself is a moment on the way, and nothing to tell. */
const settleMs = 500

/**
 * A newer build is on this device. It comes when the person says so, or with the next start. A strip above everything and
 * over nothing: it may stand there for hours.
 */
export function UpdateStrip() {
  const { updates } = useApp()
  const ready = useLasting(useSyncExternalStore(updates.state.subscribe, updates.state.get) === 'ready', settleMs)
  const [wish, setWish] = useState<'none' | 'later' | 'reload'>('none')
  const reload = () => {
    setWish('reload')
    void updates.reload()
  }
  return (
    <div role="status">
      {ready && wish !== 'later' ? <Strip wish={wish} onReload={reload} onLater={() => setWish('later')} /> : null}
    </div>
  )
}

interface StripProps {
  readonly wish: 'none' | 'reload'
  readonly onReload: () => void
  readonly onLater: () => void
}

function Strip({ wish, onReload, onLater }: StripProps) {
  const { t } = useLingui()
  return (
    <div className="animate-arrive flex items-center border-line border-b bg-surface ps-4 pe-1 text-meta max-md:pt-[env(safe-area-inset-top)] md:justify-center">
      <p className="py-2 max-md:flex-1">
        <Trans>A new version of Recado is ready.</Trans>
      </p>
      <Button tone="plain" onClick={onReload} disabled={wish === 'reload'} className="px-3 font-semibold text-wax-ink">
        <Trans>Reload</Trans>
      </Button>
      <IconButton icon={X} label={t`Not now`} onClick={onLater} />
    </div>
  )
}
