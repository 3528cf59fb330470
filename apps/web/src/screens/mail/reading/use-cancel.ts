import { useLingui } from '@lingui/react/macro'
import type { DraftRecipient } from '@recado/client'
import type { Mail, MailRecipient } from '@recado/protocol'
import { useCallback } from 'react'
import { useAttempt, useTell } from '../../../state/use-attempt.ts'
import { textToHtml, toDraftAttachment } from '../compose/answer.ts'
import { type RecipientField, refusedPlaces } from '../compose/refusal.ts'
import { useCompose } from '../compose/use-compose.ts'
import { useMail } from '../use-mail.ts'

function inMode(recipients: readonly MailRecipient[], mode: RecipientField): readonly DraftRecipient[] {
  return recipients.flatMap((recipient): readonly DraftRecipient[] => {
    if (recipient.mode !== mode) return []
    const { accountId, conversationId, address } = recipient
    if (accountId !== null) return [{ accountId }]
    if (conversationId !== null) return [{ conversationId }]
    return address === null ? [] : [{ address }]
  })
}

/** Takes back a mail that has not gone out, and opens it; of one on its way, what is still queued. */
export function useCancel(): (mail: Mail) => Promise<void> {
  const { t } = useLingui()
  const client = useMail()
  const compose = useCompose()
  const tell = useTell()
  const attempt = useAttempt()
  return useCallback(
    async mail => {
      const { recipients, subject, html, text, inReplyTo, failure } = mail
      const edit = () =>
        compose.reopen(
          {
            to: inMode(recipients, 'to'),
            cc: inMode(recipients, 'cc'),
            bcc: inMode(recipients, 'bcc'),
            subject,
            html: html ?? textToHtml(text),
            inReplyTo,
            forwardOf: null,
            attachments: mail.attachments.map(toDraftAttachment),
          },
          refusedPlaces(failure && { errors: failure }),
        )
      // It reached nobody: there is nothing to take back.
      if (mail.state === 'failed') return edit()
      await attempt(async () => {
        if (!(await client.takeBack({ mailId: mail.id }))) tell(t`It is too late: the mail has reached somebody.`)
        else if (mail.state === 'held') edit()
        else tell(t`What had not been sent was stopped.`)
      })
    },
    [attempt, client, compose, t, tell],
  )
}
