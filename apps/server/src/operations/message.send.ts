import type { AccountId, Attachment, MediaId } from '@recado/protocol'
import { presentSent, repeatSent } from '../access/sent.ts'
import type { Context } from '../context.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { requireWritten } from '../log/outcome.ts'
import { Refusal } from '../problem.ts'
import { handle } from './handler.ts'

export const messageSend = handle('message.send', async (context, input, { accountId }) => {
  const { conversationId, clientMessageId: key, body, replyTo = null, mentions = [], attachments: files = [] } = input
  if (body === '' && files.length === 0) {
    throw new Refusal('invalid-input', {
      errors: [{ path: '/body', message: 'must not be empty without attachments' }],
    })
  }
  const content = [body, replyTo, mentions]
  const attempt = {
    conversationId,
    actorId: accountId,
    key,
    fingerprint: files.length === 0 ? fingerprint(...content) : fingerprint(...content, files),
  }
  const attachments = await findAttachments(context, accountId, files)
  if (attachments === null) return await repeatSent(context, attempt, new Refusal('attachment-unavailable'))
  const outcome = await context.log.append({
    op: 'send',
    ...attempt,
    body,
    replyTo,
    mentions,
    forwardedFrom: null,
    attachments,
  })
  return presentSent(requireWritten(outcome))
})

/** Null if one of them cannot be sent. */
async function findAttachments(
  { store }: Pick<Context, 'store'>,
  accountId: AccountId,
  files: readonly MediaId[],
): Promise<readonly Attachment[] | null> {
  if (files.length === 0) return []
  const found = await store.media.findReady(files, accountId)
  return found.length === files.length ? found : null
}
