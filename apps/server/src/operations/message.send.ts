import { isoTime } from '../clock.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { requireWritten } from '../log/outcome.ts'
import { handle } from './handler.ts'

export const messageSend = handle('message.send', async (context, input, caller) => {
  const { conversationId, clientMessageId, body, replyTo = null, mentions = [] } = input
  const outcome = await context.log.append({
    op: 'send',
    conversationId,
    actorId: caller.accountId,
    key: clientMessageId,
    fingerprint: fingerprint(body, replyTo, mentions),
    body,
    replyTo,
    mentions,
    forwardedFrom: null,
  })
  const { id, sequence, ordinal, micros } = requireWritten(outcome)
  return { id, sequence, ordinal, createdAt: isoTime(micros) }
})
