/**
 * Typed calls: over the socket while it is open, else over HTTP. A call that was cut off is repeated as it was: every
 * operation carries a key or can be done twice without harm (L3).
 */
import type { OperationInput, OperationName, OperationOutput, Problem } from '@recado/protocol'
import { backOffMs } from '../engine/back-off.ts'
import { SignInGoneError } from '../engine/connection.ts'
import type { Ports } from '../ports.ts'
import { ProblemError, refuse } from '../problem-error.ts'
import type { SignedIn } from './signed-in.ts'

/** These come before there is a session, over HTTP only. */
export const publicOperations = [
  'account.create',
  'session.create',
  'session.refresh',
] as const satisfies OperationName[]
/** These concern the connection itself. */
export const socketOperations = [
  'session.resume',
  'position.watch',
  'presence.subscribe',
  'presence.set',
] as const satisfies OperationName[]

const attempts = 4
const callBackOff = { firstMs: 200, maxMs: 4_000 }
/** A person is not kept waiting for longer without an answer. */
const longestPauseMs = 5_000

type Reply<Name extends OperationName> =
  | { readonly result: OperationOutput<Name> }
  | { readonly problem: Problem }
  | { readonly lost: true }

export class Calls {
  readonly #ports: Pick<Ports, 'transport' | 'clock' | 'random'>

  constructor(ports: Pick<Ports, 'transport' | 'clock' | 'random'>) {
    this.#ports = ports
  }

  /** Without a session; asked once, for the answer to a second attempt could be about the first. */
  async callPublic<Name extends (typeof publicOperations)[number]>(
    operation: Name,
    data: OperationInput<Name>,
  ): Promise<OperationOutput<Name>> {
    const reply = await this.#overHttp(operation, data, null)
    if ('result' in reply) return reply.result
    throw 'problem' in reply ? new ProblemError(reply.problem) : unreachable()
  }

  async call<Name extends OperationName>(
    signedIn: SignedIn,
    operation: Name,
    data: OperationInput<Name>,
  ): Promise<OperationOutput<Name>> {
    let need: 'any' | 'fresh' = 'any'
    for (let attempt = 0; ; attempt++) {
      const reply: Reply<Name> = await this.#once(signedIn, operation, data, need)
      if ('result' in reply) return reply.result
      const error = 'problem' in reply ? new ProblemError(reply.problem) : unreachable()
      const { code, retry, retryAfterMs = 0 } = error.problem
      const expired = code === 'token-expired' && need === 'any'
      if (expired) need = 'fresh'
      else if (retry === 'never' || retryAfterMs > longestPauseMs || attempt + 1 >= attempts) throw error
      const pauseMs = expired ? 0 : backOffMs(callBackOff, attempt, this.#ports.random.next())
      await this.#pause(Math.max(pauseMs, retryAfterMs))
    }
  }

  async #once<Name extends OperationName>(
    signedIn: SignedIn,
    operation: Name,
    data: OperationInput<Name>,
    need: 'any' | 'fresh',
  ): Promise<Reply<Name>> {
    const overSocket = need === 'any' ? signedIn.engine.request(operation, data) : null
    if (overSocket !== null) return overSocket
    if (socketOperations.some(name => name === operation)) return { lost: true }
    try {
      return await this.#overHttp(operation, data, await signedIn.tokens.access(need))
    } catch (error) {
      if (error instanceof SignInGoneError) throw refuse('unauthenticated', {}, { cause: error })
      if (error instanceof ProblemError) return { problem: error.problem }
      return { lost: true }
    }
  }

  async #overHttp<Name extends OperationName>(
    operation: Name,
    data: OperationInput<Name>,
    token: string | null,
  ): Promise<Reply<Name>> {
    try {
      return await this.#ports.transport.request(operation, data, token)
    } catch {
      return { lost: true }
    }
  }

  #pause(afterMs: number): Promise<void> {
    return new Promise(resolve => this.#ports.clock.setTimer(afterMs, resolve))
  }
}

function unreachable(): ProblemError {
  return refuse('unavailable', { detail: 'The server cannot be reached.' })
}
