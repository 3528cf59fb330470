import { fingerprint } from '../log/fingerprint.ts'
import { requireWritten } from '../log/outcome.ts'
import { handle } from './handler.ts'

export const messageDelete = handle('message.delete', async (context, input, caller) => {
  const { conversationId, sequence: target, key } = input
  const outcome = await context.log.append({
    op: 'delete',
    conversationId,
    actorId: caller.accountId,
    key,
    fingerprint: fingerprint('delete', target),
    target,
    body: null,
    mentions: [],
    emoji: null,
  })
  const { sequence, version } = requireWritten(outcome)
  return { sequence, version }
})
