import { fingerprint } from '../log/fingerprint.ts'
import { requireWritten } from '../log/outcome.ts'
import { handle } from './handler.ts'

export const messageEdit = handle('message.edit', async (context, input, caller) => {
  const { conversationId, sequence: target, key, body, mentions = [] } = input
  const outcome = await context.log.append({
    op: 'edit',
    conversationId,
    actorId: caller.accountId,
    key,
    fingerprint: fingerprint('edit', target, body, mentions),
    target,
    body,
    mentions,
    emoji: null,
  })
  const { sequence, version } = requireWritten(outcome)
  return { sequence, version }
})
