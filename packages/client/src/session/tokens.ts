/**
 * The access token of one sign-in, renewed before it expires. Refresh tokens rotate, so tabs take turns under a lock and
 * each reads the newest one first.
 */
import type { Grant, SessionId } from '@recado/protocol'
import { SignInGoneError } from '../engine/connection.ts'
import type { Cancel, Ports } from '../ports.ts'
import { ProblemError } from '../problem-error.ts'

/** Renewed this long before its end, and not used in its last moments: clocks differ, and the way takes time. */
const renewBeforeMs = 60_000
const unusableBeforeMs = 10_000
/** Even if this device's clock makes every token look old. */
const renewAtMostEveryMs = 30_000

const refreshLock = 'recado-refresh'

export class Tokens {
  readonly #ports: Pick<Ports, 'transport' | 'clock' | 'locks' | 'sessions'>
  readonly #sessionId: SessionId
  readonly #renewed: (token: string) => void
  #token: { readonly value: string; readonly expiresAt: number } | null = null
  #refreshing: Promise<string> | null = null
  #cancel: Cancel = () => undefined
  #state: 'live' | 'stopped' = 'live'

  constructor(
    ports: Pick<Ports, 'transport' | 'clock' | 'locks' | 'sessions'>,
    sessionId: SessionId,
    renewed: (token: string) => void,
  ) {
    this.#ports = ports
    this.#sessionId = sessionId
    this.#renewed = renewed
  }

  /** Takes the token of a grant into use. */
  accept(grant: Grant): void {
    this.#token = { value: grant.accessToken, expiresAt: Date.parse(grant.expiresAt) }
    this.#cancel()
    const leftMs = this.#token.expiresAt - this.#ports.clock.now()
    this.#cancel = this.#ports.clock.setTimer(Math.max(leftMs - renewBeforeMs, renewAtMostEveryMs), () => {
      this.access('fresh').then(this.#renewed, () => undefined)
    })
  }

  /** Rejects with `SignInGoneError` if there will be none, with anything else if there is none right now. */
  access(need: 'any' | 'fresh'): Promise<string> {
    const usable = this.#token && this.#token.expiresAt - this.#ports.clock.now() > unusableBeforeMs
    if (need === 'any' && this.#token && usable) return Promise.resolve(this.#token.value)
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  stop(): void {
    this.#state = 'stopped'
    this.#cancel()
  }

  #refresh(): Promise<string> {
    return this.#ports.locks.exclusive(refreshLock, async () => {
      const saved = await this.#ports.sessions.load()
      if (this.#state === 'stopped' || saved?.sessionId !== this.#sessionId) throw new SignInGoneError()
      const data = saved.refreshToken === null ? {} : { refreshToken: saved.refreshToken }
      const reply = await this.#ports.transport.request('session.refresh', data, null)
      if ('problem' in reply) {
        const { problem } = reply
        const gone = problem.code === 'unauthenticated' || problem.code === 'session-ended'
        throw gone ? new SignInGoneError(problem.title) : new ProblemError(problem)
      }
      const grant = reply.result
      if (grant.sessionId !== this.#sessionId) throw new SignInGoneError()
      await this.#ports.sessions.save({ ...saved, account: grant.account, refreshToken: grant.refreshToken })
      if (this.#state === 'live') this.accept(grant)
      return grant.accessToken
    })
  }
}
