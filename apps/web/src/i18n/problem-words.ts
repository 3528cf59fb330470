import { useLingui } from '@lingui/react/macro'
import { ProblemError } from '@recado/client'
import type { ProblemCode } from '@recado/protocol'
import { useCallback } from 'react'

export function problemCodeOf(cause: unknown): ProblemCode | null {
  return cause instanceof ProblemError ? cause.code : null
}

/** What happened, what is safe and what to do, for a refusal of any request. */
export function useProblemWords(): (code: ProblemCode | null) => string {
  const { t } = useLingui()
  return useCallback(
    code => {
      switch (code) {
        case 'wrong-credentials':
          return t`The name or the password is wrong.`
        case 'username-taken':
          return t`This username is taken. Choose another one.`
        case 'email-taken':
          return t`This e-mail address is taken. Sign in, or use another one.`
        case 'rate-limited':
          return t`Too many attempts. Wait a minute and try again.`
        case 'invalid-input':
          return t`The server does not accept this. Check what you wrote.`
        case 'too-large':
          return t`This is too large to send.`
        case 'forbidden':
          return t`You may not do this here.`
        case 'not-found':
          return t`This is not there any more, or not for you.`
        case 'message-deleted':
          return t`This message was deleted.`
        case 'quota-reached':
          return t`There is no room left for your files.`
        case 'attachment-unavailable':
          return t`A file could not be taken. Leave it out, or choose another one.`
        case 'limit-reached':
          return t`A limit was reached.`
        case 'foreign-origin':
          return t`This address may not use the server. Open Recado by its own address.`
        case 'unauthenticated':
        case 'token-expired':
        case 'session-ended':
          return t`You were signed out. Sign in again.`
        case 'storage-full':
          return t`The server has no room left. Nothing is lost here; try again later.`
        case 'unavailable':
        case 'busy':
          return t`Could not reach the server. Nothing is lost; try again in a moment.`
        default:
          return t`Something went wrong. Nothing is lost; try again.`
      }
    },
    [t],
  )
}
