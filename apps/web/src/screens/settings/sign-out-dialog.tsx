import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Modal } from '../../components/modal.tsx'
import { useApp } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'

interface SignOutDialogProps {
  /** Whether signing out was asked for. */
  readonly open: boolean
  readonly onClose: () => void
}

/** Signs out, and asks only when unsent messages would be thrown away: that cannot be undone. */
export function SignOutDialog({ open, onClose }: SignOutDialogProps) {
  const { t } = useLingui()
  const { unsent, signOut } = useSignOut(open, onClose)
  return (
    <Modal open={open && unsent > 0} onClose={onClose} title={t`Some messages were not sent`}>
      <div className="flex flex-col gap-5 p-4">
        <p>
          {t({
            message: plural(unsent, {
              one: '# message is still waiting on this device. Signing out here throws it away.',
              other: '# messages are still waiting on this device. Signing out here throws them away.',
            }),
          })}
        </p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Stay signed in</Trans>
          </Button>
          <Button tone="danger" onClick={() => signOut('discard')}>
            <Trans>Throw away and sign out</Trans>
          </Button>
        </div>
      </div>
    </Modal>
  )
}

function useSignOut(open: boolean, onClose: () => void) {
  const { client, deferrals } = useApp()
  const attempt = useAttempt()
  const [unsent, setUnsent] = useState(0)
  const signOut = async (unsentMessages: 'ask' | 'discard') => {
    const answered = await attempt(async () => {
      deferrals.flush()
      const outcome = await client.signOut({ unsent: unsentMessages })
      if (!outcome.signedOut) return setUnsent(outcome.unsent)
      onClose()
    })
    if (!answered) onClose()
  }
  const latest = useRef(signOut)
  latest.current = signOut
  useEffect(() => {
    setUnsent(0)
    if (open) void latest.current('ask')
  }, [open])
  return { unsent, signOut }
}
