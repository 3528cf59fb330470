import { Trans } from '@lingui/react/macro'
import { LogOut } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { useShowOverlay } from '../../state/frame-overlay.ts'

export function SignOut() {
  const show = useShowOverlay()
  return (
    <Button tone="danger" onClick={() => show({ kind: 'sign-out' })} className="-ms-4 self-start">
      <LogOut size={18} strokeWidth={1.75} aria-hidden="true" />
      <Trans>Sign out</Trans>
    </Button>
  )
}
