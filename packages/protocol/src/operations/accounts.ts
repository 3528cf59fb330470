import { Type } from 'typebox'
import { account, grant, head, person, session, streamHead } from '../entities.ts'
import { limits } from '../limits.ts'
import { accountId, input, nullable, page, pageRequest, sessionId, text } from '../schema.ts'
import { operation, publicOperation } from './define.ts'

const device = Type.Optional(text(100))
/** `cookie`: the refresh token comes as an HttpOnly cookie (browsers on the server's own origin); `body`: in the grant. */
const refresh = Type.Optional(Type.Union([Type.Literal('cookie'), Type.Literal('body')]))
const password = text(limits.passwordMaxLength, limits.passwordMinLength)

export const accountOperations = {
  'account.create': publicOperation({
    summary: 'Sign up. Signs in as well; the first account becomes the administrator.',
    transport: 'http',
    effect: 'write',
    input: input({
      username: text(limits.usernameLength, 1),
      password,
      displayName: text(limits.displayNameLength, 1),
      email: Type.Optional(text(limits.emailLength, 3)),
      phone: Type.Optional(text(limits.phoneLength, 3)),
      language: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('pt-BR'), Type.Literal('es')])),
      device,
      refresh,
    }),
    output: grant,
    problems: ['username-taken', 'email-taken', 'rate-limited', 'foreign-origin'],
  }),
  'account.get': operation({
    summary: 'Read your own account.',
    effect: 'read',
    input: input({}),
    output: account,
  }),
  'account.setPrivacy': operation({
    summary: 'Choose whether others see how far you have read.',
    effect: 'write',
    input: input({ readReceipts: Type.Boolean() }),
    output: account,
  }),
  'account.setSignature': operation({
    summary: 'Keep what you end your mails with, sanitised like the body of a mail; an empty one is none.',
    effect: 'write',
    input: input({ html: text(limits.signatureLength) }),
    output: account,
  }),
  'session.create': publicOperation({
    summary: 'Sign in by username or e-mail address.',
    transport: 'http',
    effect: 'write',
    input: input({
      login: text(limits.usernameLength, 1),
      password: text(limits.passwordMaxLength, 1),
      device,
      refresh,
    }),
    output: grant,
    problems: ['wrong-credentials', 'rate-limited', 'foreign-origin'],
  }),
  'session.refresh': publicOperation({
    summary:
      'Exchange a refresh token for the next grant. The previous token gives the same successor for 60 s; later its use ends the session.',
    transport: 'http',
    effect: 'write',
    input: input({ refreshToken: Type.Optional(text(200, 1)) }),
    output: grant,
    problems: ['unauthenticated', 'session-ended', 'foreign-origin'],
  }),
  'session.list': operation({
    summary: 'List your sessions.',
    effect: 'read',
    input: input({}),
    output: Type.Object({ items: Type.Array(session), next: Type.Null() }),
  }),
  'session.end': operation({
    summary:
      'End one of your sessions, the current one when none is named (sign out). Closes its sockets within a second.',
    effect: 'write',
    input: input({ sessionId: Type.Optional(sessionId) }),
    output: Type.Object({}),
    problems: ['not-found'],
  }),
  'session.endOthers': operation({
    summary: 'End all your other sessions.',
    effect: 'write',
    input: input({}),
    output: Type.Object({ ended: Type.Integer({ minimum: 0 }) }),
  }),
  'session.resume': publicOperation({
    summary:
      'The first request of a socket, and again before the token expires: authenticate and tell what moved since `mark`.',
    transport: 'socket',
    effect: 'read',
    input: input({
      token: text(4096, 1),
      mark: Type.Optional(text(4096, 1)),
    }),
    output: Type.Object({
      account,
      sessionId,
      epoch: Type.String(),
      /** The head of the account's own stream; `registers` is the bell's version. */
      head,
      /** What moved since the mark, the account's own stream included; null when there is no usable mark: start over. */
      moved: nullable(Type.Array(streamHead)),
      heartbeatMs: Type.Integer(),
    }),
    problems: ['unauthenticated', 'token-expired', 'session-ended'],
  }),
  'people.search': operation({
    summary: 'Find people by display name, username or e-mail address.',
    effect: 'read',
    input: input({ query: text(100), ...pageRequest }),
    output: page(person),
  }),
  'people.get': operation({
    summary: 'Read people by id; unknown ids are left out.',
    effect: 'read',
    input: input({ accountIds: Type.Array(accountId, { minItems: 1, maxItems: limits.pageSize }) }),
    output: Type.Object({ items: Type.Array(person), next: Type.Null() }),
  }),
}
