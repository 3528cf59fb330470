/**
 * The access token of one sign-in, renewed before it expires. Refresh tokens rotate, so tabs take turns under a lock and
 * each reads the newest one first.
 */
import type { Grant, SessionId } from '@recado/protocol'
import { SignInGoneError } from '../engine/connection.ts'
import type { Cancel, HttpReply, Ports } from '../ports.ts'
import { ProblemError, refuse } from '../problem-error.ts'
import type { SavedSession } from '../types.ts'

/** Renewed this long before its end, and not used in its last moments: clocks differ, and the way takes time. */
const renewBeforeMs = 60_000
const unusableBeforeMs = 10_000
/** Even if this device's clock makes every token look old. */
const renewAtMostEveryMs = 30_000

/**
 * How long a renewal waits for another tab's, and how long for its answer: a tab that is frozen in the middle of its own, or a
 * server that never answers, holds up nobody's return for longer.
 */
const patienceMs = 8_000

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

  /** In turn with other tabs, or without them if the turn does not come: the same token twice brings the same successor. */
  async #refresh(): Promise<string> {
    const { clock, locks } = this.#ports
    const waiting = new AbortController()
    let turn: 'awaited' | 'here' | 'given up' = 'awaited'
    const renewed = locks.exclusive(
      refreshLock,
      async () => {
        if (turn === 'given up') throw unanswered()
        turn = 'here'
        return this.#renew()
      },
      waiting.signal,
    )
    let cancel: Cancel = () => undefined
    const overdue = new Promise<'overdue'>(resolve => {
      cancel = clock.setTimer(patienceMs, () => {
        if (turn === 'awaited') resolve('overdue')
      })
    })
    const first = await Promise.race([renewed, overdue]).finally(cancel)
    if (first !== 'overdue') return first
    turn = 'given up'
    renewed.catch(() => undefined)
    waiting.abort()
    return this.#renew()
  }

  async #renew(): Promise<string> {
    const { clock, sessions, transport } = this.#ports
    const saved = await sessions.load()
    if (this.#state === 'stopped' || saved?.sessionId !== this.#sessionId) throw new SignInGoneError()
    const data = saved.refreshToken === null ? {} : { refreshToken: saved.refreshToken }
    const answered = transport.request('session.refresh', data, null)
    let cancel: Cancel = () => undefined
    const late = new Promise<never>((_resolve, reject) => {
      cancel = clock.setTimer(patienceMs, () => reject(unanswered()))
    })
    const adopted = answered.then(reply => this.#adopt(saved, reply))
    return Promise.race([adopted, late]).finally(cancel)
  }

  /** An answer that comes after all still counts, unless what it replaces was replaced meanwhile. */
  async #adopt(asked: SavedSession, reply: HttpReply<'session.refresh'>): Promise<string> {
    if ('problem' in reply) {
      const { problem } = reply
      const gone = problem.code === 'unauthenticated' || problem.code === 'session-ended'
      throw gone ? new SignInGoneError(problem.title) : new ProblemError(problem)
    }
    const grant = reply.result
    if (grant.sessionId !== this.#sessionId) throw new SignInGoneError()
    const next = { ...asked, account: grant.account, refreshToken: grant.refreshToken }
    if (!(await this.#ports.sessions.replace(asked, next))) throw unanswered()
    if (this.#state === 'live') this.accept(grant)
    return grant.accessToken
  }
}

function unanswered(): ProblemError {
  return refuse('unavailable', { detail: 'The sign-in could not be renewed in time.' })
}
