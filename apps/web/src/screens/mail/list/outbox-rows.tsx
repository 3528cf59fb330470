/** Mails that this device has not sent: those that wait for a connection, and those that the server refused. */
import { useLingui } from '@lingui/react/macro'
import type { PendingMail } from '@recado/client'
import { RotateCw, Undo2 } from 'lucide-react'
import { IconButton } from '../../../components/icon-button.tsx'
import { StateGlyph } from '../../../components/state-glyph.tsx'
import { useAttempt } from '../../../state/use-attempt.ts'
import { useRefusalWords } from '../compose/refusal.ts'
import { useTakeBack } from '../compose/use-take-back.ts'
import { useDraftRecipientName } from '../names.ts'
import { useMail, useMailSnapshot } from '../use-mail.ts'

export function OutboxRows() {
  const { t } = useLingui()
  const outbox = useMailSnapshot(snapshot => snapshot.outbox)
  if (outbox.length === 0) return null
  return (
    <ul aria-label={t`On their way`} className="max-h-[50%] shrink-0 overflow-y-auto border-line border-b px-2 pb-2">
      {outbox.map(pending => (
        <li key={pending.entryId}>
          <OutboxRow pending={pending} />
        </li>
      ))}
    </ul>
  )
}

function OutboxRow({ pending }: { readonly pending: PendingMail }) {
  const { t } = useLingui()
  const mail = useMail()
  const attempt = useAttempt()
  const takeBack = useTakeBack()
  const refusal = useRefusalWords()
  const { input, state, entryId } = pending
  const refused = state === 'refused'
  const first = input.to[0] ?? input.cc?.[0] ?? input.bcc?.[0] ?? { typed: '' }
  return (
    <div className="flex items-start gap-2.5 rounded px-2.5 py-2">
      <span className="mt-1">
        <StateGlyph progress={refused ? 'refused' : 'waiting'} />
      </span>
      <div className="min-w-0 flex-1">
        <bdi className="one-line font-semibold">{useDraftRecipientName(first)}</bdi>
        <bdi className="one-line">{input.subject || t`no subject`}</bdi>
        <p className={refused ? 'text-failure-ink text-meta' : 'text-ink-muted text-meta'}>
          {refused ? refusal(pending.problem) : t`Goes out by itself when there is a connection.`}
        </p>
      </div>
      {refused ? (
        <IconButton icon={RotateCw} label={t`Try again`} onClick={() => void attempt(() => mail.retry(entryId))} />
      ) : null}
      <IconButton icon={Undo2} label={t`Take back and edit`} onClick={() => void takeBack(pending)} />
    </div>
  )
}
