/**
 * The registry of expected refusals (RFC 9457). `retry` tells a program what to do: `never` (the same request will be
 * refused again), `same` (not written, or unknown: send the same again), `after` (the same, once `retryAfterMs` has passed).
 */
export const problems = {
  'invalid-input': { status: 400, title: 'The request is not of the form this operation takes.', retry: 'never' },
  'unknown-operation': { status: 404, title: 'There is no such operation.', retry: 'never' },
  'method-not-allowed': { status: 405, title: 'Operations are called with POST.', retry: 'never' },
  'unsupported-type': { status: 415, title: 'The body has to be JSON.', retry: 'never' },
  'too-large': { status: 413, title: 'The request is too large.', retry: 'never' },
  unauthenticated: { status: 401, title: 'Sign in first.', retry: 'never' },
  'token-expired': { status: 401, title: 'The access token expired.', retry: 'never' },
  'session-ended': { status: 401, title: 'This session was ended.', retry: 'never' },
  'wrong-credentials': { status: 401, title: 'The name or the password is wrong.', retry: 'never' },
  forbidden: { status: 403, title: 'You may not do this.', retry: 'never' },
  'foreign-origin': { status: 403, title: 'This origin may not call the server.', retry: 'never' },
  'not-found': { status: 404, title: 'There is no such thing, or not for you.', retry: 'never' },
  'unknown-recipient': {
    status: 404,
    title: 'A recipient does not exist, or not for you; nothing was sent.',
    retry: 'never',
  },
  'username-taken': { status: 409, title: 'This username is taken.', retry: 'never' },
  'email-taken': { status: 409, title: 'This e-mail address is taken.', retry: 'never' },
  'key-reused': { status: 409, title: 'This key was used for another request.', retry: 'never' },
  'draft-changed': { status: 409, title: 'Another device changed this draft; read it first.', retry: 'never' },
  'draft-gone': { status: 410, title: 'This draft was sent or discarded.', retry: 'never' },
  'message-deleted': { status: 409, title: 'The message was deleted.', retry: 'never' },
  'limit-reached': { status: 409, title: 'A limit was reached.', retry: 'never' },
  'quota-reached': { status: 409, title: 'There is no room left for your files.', retry: 'never' },
  'attachment-unavailable': { status: 409, title: 'A file is not there, not yours or not ready.', retry: 'never' },
  'offset-mismatch': { status: 409, title: 'The upload continues elsewhere; ask where.', retry: 'never' },
  'unsupported-version': {
    status: 412,
    title: 'This version of the upload protocol is not spoken here.',
    retry: 'never',
  },
  'cursor-gone': { status: 410, title: 'This position belongs to another history; start over.', retry: 'never' },
  'rate-limited': { status: 429, title: 'Too many attempts.', retry: 'after' },
  'earlier-refused': { status: 409, title: 'An earlier message was refused; send in order again.', retry: 'same' },
  busy: { status: 503, title: 'The server is busy.', retry: 'after' },
  unavailable: { status: 503, title: 'The server cannot do this right now.', retry: 'same' },
  'storage-full': { status: 507, title: 'The server has no room left; nothing was written.', retry: 'after' },
  internal: { status: 500, title: 'Something went wrong on the server.', retry: 'never' },
} as const satisfies Record<string, { status: number; title: string; retry: 'never' | 'same' | 'after' }>

export type ProblemCode = keyof typeof problems
export type Retry = (typeof problems)[ProblemCode]['retry']

/** One field that was refused: where it is (JSON Pointer, RFC 6901) and why. */
export interface FieldError {
  readonly path: string
  readonly message: string
}

/** The object on the wire, over HTTP as `application/problem+json` and in a socket's reply alike. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly instance?: string
  readonly code: ProblemCode
  readonly retry: Retry
  readonly retryAfterMs?: number
  readonly errors?: readonly FieldError[]
}

export interface ProblemDetails {
  readonly detail?: string
  readonly retryAfterMs?: number
  readonly errors?: readonly FieldError[]
}

/** Builds the wire object of a problem from the registry. */
export function createProblem(code: ProblemCode, details: ProblemDetails = {}): Problem {
  const { status, title, retry } = problems[code]
  return { type: `urn:recado:problem:${code}`, title, status, code, retry, ...details }
}
