import { useLingui } from '@lingui/react/macro'
import type { DraftContent, MailInput, PendingMail } from '@recado/client'
import { useCallback } from 'react'
import { useAttempt, useTell } from '../../../state/use-attempt.ts'
import { useMail } from '../use-mail.ts'
import { textToHtml } from './answer.ts'
import { refusedPlaces } from './refusal.ts'
import { useCompose } from './use-compose.ts'

/** What was sent, as a draft again. */
function contentOf(input: MailInput): DraftContent {
  return {
    to: input.to,
    cc: input.cc ?? [],
    bcc: input.bcc ?? [],
    subject: input.subject,
    html: 'html' in input.body ? input.body.html : textToHtml(input.body.text),
    inReplyTo: input.inReplyTo ?? null,
    forwardOf: null,
    attachments: input.attachments ?? [],
  }
}

/** Takes a mail back that is on its way, and opens it as the draft that it was. */
export function useTakeBack(): (pending: Pick<PendingMail, 'entryId' | 'input' | 'problem'>) => Promise<void> {
  const { t } = useLingui()
  const mail = useMail()
  const compose = useCompose()
  const tell = useTell()
  const attempt = useAttempt()
  return useCallback(
    async ({ entryId, input, problem }) => {
      await attempt(async () => {
        if (await mail.takeBack({ entryId })) {
          const { draftId } = input
          const isThere = draftId !== undefined && mail.draft(draftId).getSnapshot().content !== null
          compose.reopen(contentOf(input), refusedPlaces(problem), isThere ? draftId : undefined)
        } else tell(t`It is too late: the mail has reached somebody.`)
      })
    },
    [attempt, compose, mail, t, tell],
  )
}
