import { fingerprint } from '../log/fingerprint.ts'
import { requireWritten } from '../log/outcome.ts'
import { handle } from './handler.ts'

export const messageUnreact = handle('message.unreact', async (context, input, caller) => {
  const { conversationId, sequence: target, key, emoji } = input
  const outcome = await context.log.append({
    op: 'unreact',
    conversationId,
    actorId: caller.accountId,
    key,
    fingerprint: fingerprint('unreact', target, emoji),
    target,
    body: null,
    mentions: [],
    emoji,
  })
  const { sequence, version } = requireWritten(outcome)
  return { sequence, version }
})
