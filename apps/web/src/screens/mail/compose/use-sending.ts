/** Sends a letter as a whole or not at all, with ten seconds to take it back. */
import { useLingui } from '@lingui/react/macro'
import type { DraftContent, DraftRecipient, DraftSnapshot, MailInput } from '@recado/client'
import type { RecipientInput } from '@recado/protocol'
import { useState } from 'react'
import { useSoon } from '../../../i18n/use-soon.ts'
import { useClient } from '../../../state/app-context.ts'
import { useAttempt, useTell } from '../../../state/use-attempt.ts'
import { useMail } from '../use-mail.ts'
import type { RecipientField, RefusedPlace } from './refusal.ts'
import { resolveRecipient } from './resolve-recipient.ts'
import type { Letter } from './use-letter.ts'
import { useTakeBack } from './use-take-back.ts'

const undoSeconds = 10
const fields: readonly RecipientField[] = ['to', 'cc', 'bcc']

export interface Sending {
  /** Why it cannot go out as it is. */
  readonly problem: string | null
  readonly refused: readonly RefusedPlace[]
  /** Resolves to whether it is on its way. */
  send(dueAt?: Date): Promise<boolean>
  /** Recipients or files changed: what was said of them counts no more. */
  forget(): void
}

interface SendingInput {
  readonly letter: Letter
  readonly draftId: string
  readonly refused: readonly RefusedPlace[]
  /** Called where somebody has to be looked at. */
  readonly onRefused: (field: RecipientField) => void
}

export function useSending({ letter, draftId, refused: before, onRefused }: SendingInput): Sending {
  const { t } = useLingui()
  const client = useClient()
  const mail = useMail()
  const tell = useTell()
  const attempt = useAttempt()
  const takeBack = useTakeBack()
  const soon = useSoon()
  const [refused, setRefused] = useState(before)
  const [problem, setProblem] = useState<string | null>(
    before.length > 0 ? t`Nothing was sent: somebody it is addressed to cannot be reached here.` : null,
  )

  /** Typed names become whom they mean. */
  const resolve = async (content: DraftContent): Promise<DraftContent> => {
    const all = (recipients: readonly DraftRecipient[]) =>
      Promise.all(recipients.map(one => ('typed' in one ? resolveRecipient(client, one.typed) : one)))
    const [to, cc, bcc] = await Promise.all([all(content.to), all(content.cc), all(content.bcc)])
    return { ...content, to, cc, bcc }
  }
  const refuse = (words: string, places: readonly RefusedPlace[]) => {
    setProblem(words)
    setRefused(places)
    onRefused(places[0]?.field ?? 'to')
    return false
  }
  const send = async (dueAt?: Date): Promise<boolean> => {
    const written = letter.now()
    if (written === null) return false
    const stuck = findStuck(written, mail.draft(draftId).getSnapshot())
    if (stuck.length > 0) {
      const names = stuck.join(', ')
      setProblem(t`Nothing was sent: ${names} could not be taken. Leave it out, or choose another one.`)
      return false
    }
    const content = await resolve(written)
    letter.change({ to: content.to, cc: content.cc, bcc: content.bcc })
    const unknown = findUnknown(content)
    if (unknown.length > 0) {
      const names = unknown.map(({ typed }) => typed).join(', ')
      return refuse(t`Nothing was sent: ${names} is not known here.`, unknown)
    }
    if (fields.every(field => content[field].length === 0)) return refuse(t`Say whom it is for.`, [])
    const input = toInput(content, draftId, dueAt)
    return attempt(async () => {
      const entryId = await mail.send(input)
      const when = dueAt && soon(dueAt.toISOString())
      tell(when ? t`It goes out ${when}.` : t`Mail sent.`, {
        label: t`Undo`,
        run: () => void takeBack({ entryId, input, problem: null }),
      })
    })
  }
  return {
    problem,
    refused,
    send,
    forget: () => {
      setProblem(null)
      setRefused([])
    },
  }
}

/** The names of files that the server does not take. */
function findStuck({ attachments }: DraftContent, { uploads }: DraftSnapshot): readonly string[] {
  const stuck = new Set(uploads.flatMap(({ id, problem }) => (problem ? [id] : [])))
  return attachments.flatMap(file => ('mediaId' in file || !stuck.has(file.id) ? [] : [file.name]))
}

function findUnknown(content: DraftContent): readonly (RefusedPlace & { readonly typed: string })[] {
  return fields.flatMap(field =>
    content[field].flatMap((recipient, index) =>
      'typed' in recipient ? [{ field, index, typed: recipient.typed }] : [],
    ),
  )
}

function toInput(content: DraftContent, draftId: string, dueAt: Date | undefined): MailInput {
  const known = (recipients: readonly DraftRecipient[]) =>
    recipients.flatMap((recipient): readonly RecipientInput[] => ('typed' in recipient ? [] : [recipient]))
  const { inReplyTo, attachments } = content
  return {
    to: known(content.to),
    cc: known(content.cc),
    bcc: known(content.bcc),
    subject: content.subject.trim(),
    body: { html: content.html },
    draftId,
    ...(inReplyTo === null ? {} : { inReplyTo }),
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(dueAt ? { dueAt: dueAt.toISOString() } : { undoSeconds }),
  }
}
