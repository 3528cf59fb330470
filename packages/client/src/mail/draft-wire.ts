/** A draft as the server takes and gives it. */
import { limits, type OperationInput, type Draft as ServerDraft } from '@recado/protocol'
import { isLocal, localFiles } from './draft-files.ts'
import type { DraftContent, DraftRecipient } from './mail-api.ts'

const previewLength = 140

type Wire = Omit<OperationInput<'draft.save'>, 'draftId' | 'base'>

export function toWire({ to, cc, bcc, subject, html, inReplyTo, forwardOf, attachments }: DraftContent): Wire {
  const mediaIds = attachments.flatMap(file => ('mediaId' in file ? file.mediaId : []))
  const recipients = { to: named(to), cc: named(cc), bcc: named(bcc) }
  return { ...recipients, subject, html, inReplyTo, forwardOf, mediaIds }
}

/** What is too long for a name is none yet. */
function named(recipients: readonly DraftRecipient[]): DraftRecipient[] {
  return recipients.filter(
    one => !('typed' in one) || (one.typed !== '' && [...one.typed].length <= limits.emailLength),
  )
}

/** Files that only this device has stay with it, and those that it gave keep their ids. */
export function fromWire(draft: ServerDraft, kept: DraftContent | undefined): DraftContent {
  const { to, cc, bcc, subject, html, inReplyTo, forwardOf, attachments } = draft
  const ids = new Map(kept?.attachments.flatMap(file => (isLocal(file) ? [] : [[file.mediaId, file.id] as const])))
  const uploaded = attachments.map(({ id: mediaId, name, type, bytes: size }) => {
    const id = ids.get(mediaId)
    return { mediaId, name, type, size, ...(id !== undefined && { id }) }
  })
  const own = kept ? localFiles(kept) : []
  return { to, cc, bcc, subject, html, inReplyTo, forwardOf, attachments: [...uploaded, ...own] }
}

/** The beginning of the text, as lists show it. */
export function previewOf(html: string): string {
  const text = html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
  return text.replace(/&amp;/g, '&').replace(/\s+/g, ' ').trim().slice(0, previewLength)
}
