/**
 * The next grant for a refresh token. Only the newest token of a session and, for a minute, the one before are good:
 * the minute is for a client whose answer was lost or whose second tab was as fast. Whoever comes with an older one
 * holds a copy, or somebody else does, and nobody can tell which: the session ends.
 */
import { createGrant } from '../access/grants.ts'
import type { RefreshClaim } from '../access/tokens.ts'
import type { Context } from '../context.ts'
import { refuse } from '../problem.ts'
import type { RefreshState } from '../store/accounts.ts'
import { handle } from './handler.ts'

const previousTokenMs = 60_000
/** A session that nobody refreshed for so long is forgotten: its device was lost, sold or wiped. */
const idleSessionMs = 90 * 24 * 60 * 60 * 1000
const maxAttempts = 5

export const sessionRefresh = handle('session.refresh', async (context, input) => {
  const claim = context.tokens.parseRefreshToken(input.refreshToken ?? '')
  if (claim === null) refuse('unauthenticated')
  const session = await requireSuccessor(context, claim)
  const account = await context.store.accounts.findAccount(session.accountId)
  if (account === null) refuse('unauthenticated')
  return createGrant(context.tokens, account, session)
})

async function requireSuccessor(context: Context, claim: RefreshClaim): Promise<RefreshState> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const session = await context.store.accounts.findRefreshState(claim.sessionId)
    if (session === null || !context.tokens.isGenuine(claim, session)) refuse('unauthenticated')
    if (session.ended) refuse('session-ended')
    const now = context.clock.now()
    const ageMs = now - session.rotatedMicros / 1000
    const generationsBehind = session.generation - claim.generation
    if (generationsBehind === 1 && ageMs <= previousTokenMs) return session
    if (generationsBehind > 0 || ageMs > idleSessionMs) return endSession(context, session)
    const rotated = await context.store.accounts.rotateSession(session.sessionId, session.generation, now * 1000)
    if (rotated) return { ...session, generation: session.generation + 1, rotatedMicros: now * 1000 }
  }
  return refuse('busy')
}

async function endSession(context: Context, { accountId, sessionId }: RefreshState): Promise<never> {
  await context.log.transact(async transaction => {
    await transaction.lockStreams([], [accountId])
    const ended = await transaction.accounts.endSessions(accountId, { only: sessionId })
    await transaction.appendEvents(
      ended.map(target => ({ stream: accountId, kind: 'session.ended', actorId: null, target })),
    )
  })
  return refuse('session-ended')
}
