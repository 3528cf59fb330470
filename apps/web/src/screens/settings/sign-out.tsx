import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Modal } from '../../components/modal.tsx'
import { useApp } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'
import { useMe } from '../../state/use-snapshot.ts'

/** Signs out, and asks only when unsent messages would be thrown away: that cannot be undone. */
export function SignOut() {
  const { t } = useLingui()
  const { client, drafts, deferrals } = useApp()
  const me = useMe()
  const attempt = useAttempt()
  const [unsent, setUnsent] = useState(0)
  const signOut = (unsentMessages: 'ask' | 'discard') =>
    void attempt(async () => {
      deferrals.flush()
      const outcome = await client.signOut({ unsent: unsentMessages })
      if (outcome.signedOut) drafts.clear(me.id)
      else setUnsent(outcome.unsent)
    })
  return (
    <>
      <Button tone="danger" onClick={() => signOut('ask')} className="-ms-4 self-start">
        <LogOut size={18} strokeWidth={1.75} aria-hidden="true" />
        <Trans>Sign out</Trans>
      </Button>
      <Modal open={unsent > 0} onClose={() => setUnsent(0)} title={t`Some messages were not sent`}>
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
            <Button onClick={() => setUnsent(0)}>
              <Trans>Stay signed in</Trans>
            </Button>
            <Button tone="danger" onClick={() => signOut('discard')}>
              <Trans>Throw away and sign out</Trans>
            </Button>
          </div>
        </div>
      </Modal>
    </>
  )
}
