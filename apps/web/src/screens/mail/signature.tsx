/** What stands below one's letters: written as they are, kept with the account. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useRef, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { lazyPart } from '../../parts/lazy-part.tsx'
import { useClient } from '../../state/app-context.ts'
import { useAttempt, useTell } from '../../state/use-attempt.ts'
import { useMe } from '../../state/use-snapshot.ts'
import { MailPart } from './mail-part.tsx'

const LetterEditor = lazyPart(() => import('./compose/letter-editor.tsx').then(module => module.LetterEditor))

export function Signature() {
  return (
    <MailPart fallback={<div className="skeleton h-40" />}>
      <SignatureForm />
    </MailPart>
  )
}

function SignatureForm() {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const tell = useTell()
  const { signature } = useMe()
  const written = useRef(signature ?? '')
  const [state, setState] = useState<'same' | 'changed' | 'saving'>('same')
  const save = async () => {
    setState('saving')
    const text = written.current.replace(/<[^>]*>/gu, '').trim()
    const done = await attempt(() => client.call('account.setSignature', { html: text === '' ? '' : written.current }))
    setState(done ? 'same' : 'changed')
    if (done) tell(t`Signature saved.`)
  }
  return (
    <div className="flex flex-col overflow-hidden rounded border border-line bg-surface">
      <LetterEditor
        html={signature ?? ''}
        focus="to"
        label={t`Signature`}
        onChange={html => {
          written.current = html
          setState('changed')
        }}
      />
      <div className="flex justify-end border-line border-t p-2">
        <Button disabled={state !== 'changed'} onClick={() => void save()}>
          <Trans>Save the signature</Trans>
        </Button>
      </div>
    </div>
  )
}
