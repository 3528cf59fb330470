/** Why the server ended a socket. The range decides: 4000–4499 come back, 4500–4999 do not until something changes. */
export const closeCodes = {
  goingAway: { code: 4000, reason: 'the server restarts' },
  stalled: { code: 4001, reason: 'nothing was taken for too long' },
  heartbeatMissed: { code: 4002, reason: 'no answer to a heartbeat' },
  resumeTimeout: { code: 4003, reason: 'no session.resume in time' },
  tokenExpired: { code: 4010, reason: 'the access token expired; refresh and come back' },
  unavailable: { code: 4020, reason: 'the server cannot serve right now' },
  flooding: { code: 4100, reason: 'too many requests under way' },
  badFrame: { code: 4500, reason: 'a frame that is no request' },
  unauthenticated: { code: 4501, reason: 'the access token is not valid' },
  sessionEnded: { code: 4502, reason: 'the session was ended' },
} as const

export type CloseReason = keyof typeof closeCodes

/** Whether a client should come back by itself after this close code. Codes of RFC 6455 (1000–1015) count as a lost network. */
export function shouldReconnect(code: number): boolean {
  return code < 4500
}
