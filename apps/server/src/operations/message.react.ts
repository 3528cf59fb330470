import { fingerprint } from '../log/fingerprint.ts'
import { requireWritten } from '../log/outcome.ts'
import { handle } from './handler.ts'

export const messageReact = handle('message.react', async (context, input, caller) => {
  const { conversationId, sequence: target, key, emoji } = input
  const outcome = await context.log.append({
    op: 'react',
    conversationId,
    actorId: caller.accountId,
    key,
    fingerprint: fingerprint('react', target, emoji),
    target,
    body: null,
    mentions: [],
    emoji,
  })
  const { sequence, version } = requireWritten(outcome)
  return { sequence, version }
})
