import { limits } from '@recado/protocol'
import { parseMark } from '../log/vector.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

export const sessionResume = handle('session.resume', async (context, { token, mark }, { connection }) => {
  if (connection === null) refuse('unknown-operation')
  const claims = await context.tokens.verify(token)
  const attached = await context.gateway.attach(connection, claims)
  const { epoch } = context.store
  const [own] = attached.heads
  if (own === undefined) refuse('unavailable')
  const { stream: _, ...head } = own
  context.gateway.sendMark(connection, attached.mark)
  return {
    account: attached.account,
    sessionId: claims.sessionId,
    epoch,
    head,
    moved: mark === undefined || parseMark(epoch, mark) === null ? null : [...attached.heads],
    heartbeatMs: limits.heartbeatMs,
  }
})
