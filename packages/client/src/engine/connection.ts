/**
 * One live socket to the server, or the wait for the next. It opens, authenticates with `session.resume`, watches that
 * something comes, and comes back with exponential back-off and full jitter (S1); close codes from 4500 on, it does not.
 *
 * Frames that arrive before the reply to `session.resume` are kept until it was handled: only the reply tells which
 * epoch they belong to (L6).
 */
import {
  closeCodes,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type Problem,
  type PushFrame,
  shouldReconnect,
} from '@recado/protocol'
import type { Cancel, Clock, Random, Socket, Transport } from '../ports.ts'
import { backOffMs } from './back-off.ts'
import { parseFrame } from './frames.ts'
import { Requests, type Settle } from './requests.ts'

export type Resumed = OperationOutput<'session.resume'>

/** Who is told of what happens; `resumed` comes before any frame of that connection. */
export interface ConnectionOwner {
  /** An access token; rejects with `SignInGoneError` if there will be none. `fresh`: the last one was refused. */
  accessToken(need: 'any' | 'fresh'): Promise<string>
  mark(): string | undefined
  resumed(reply: Resumed): void
  frame(frame: PushFrame): void
  /** Every request under way was settled as lost before. */
  disconnected(): void
  changed(): void
  /** The session is over: the owner stops. */
  sessionEnded(): void
}

/** There is no sign-in any more. */
export class SignInGoneError extends Error {
  override readonly name = 'SignInGoneError'
}

type Phase =
  | { readonly at: 'stopped' }
  | { readonly at: 'waiting'; readonly retryAt: number | null; readonly cancel: Cancel }
  | { readonly at: 'authorizing' }
  | { readonly at: 'opening'; readonly live: Live }
  | { readonly at: 'resuming'; readonly live: Live; readonly early: PushFrame[] }
  | { readonly at: 'online'; readonly live: Live }

interface Live {
  readonly socket: Socket
  readonly requests: Requests
}

export type ConnectionStatus =
  | { readonly at: 'stopped' | 'connecting' | 'online' }
  | { readonly at: 'waiting'; readonly retryAt: number | null }

/** At most this: everybody is to be caught up 15 s after a server that was long away comes back. */
const reconnectBackOff = { firstMs: 300, maxMs: 8_000 }
/** Silence after which the client asks for a sign of life, and how long it waits for one. */
const probeAfterMs = 35_000
const probeAnswerMs = 15_000
/** After waking, a dead connection should be found out while the person is looking. */
const wakeAnswerMs = 4_000
/**
 * How long a socket may take to open and authenticate: first little, because a program's first attempt after a dead
 * network may run into what died with it (Node sends it on an HTTP connection it kept), then twice as long each time that
 * was not enough. A server that refuses at once says nothing about that.
 */
const openWithin = { firstMs: 5_000, maxMs: 20_000 }
/** Frames that may arrive before the reply to `session.resume`. */
const earlyFrames = 10_000

export class Connection {
  readonly #transport: Transport
  readonly #clock: Clock
  readonly #random: Random
  readonly #owner: ConnectionOwner
  #phase: Phase = { at: 'stopped' }
  #attempt = 0
  /** How many attempts in a row took too long. */
  #overdue = 0
  #tokenNeed: 'any' | 'fresh' = 'any'
  /** Tells callbacks of an earlier socket or token from those of this one. */
  #turn = 0
  #cancelWatch: Cancel = () => undefined
  #heardAt = 0
  #probing = false

  constructor(ports: { transport: Transport; clock: Clock; random: Random }, owner: ConnectionOwner) {
    this.#transport = ports.transport
    this.#clock = ports.clock
    this.#random = ports.random
    this.#owner = owner
  }

  get status(): ConnectionStatus {
    const phase = this.#phase
    if (phase.at === 'waiting') return { at: 'waiting', retryAt: phase.retryAt }
    return { at: phase.at === 'stopped' || phase.at === 'online' ? phase.at : 'connecting' }
  }

  start(): void {
    if (this.#phase.at === 'stopped') this.#connect()
  }

  stop(): void {
    this.#leave({ at: 'stopped' })
  }

  /** Connects now instead of later, or finds out soon whether the connection still lives. */
  wake(): void {
    const phase = this.#phase
    if (phase.at === 'waiting') this.#connect()
    else if (phase.at === 'online') this.#probe(phase.live, wakeAnswerMs)
    // What was begun while the network was away may be as dead, with nobody there to say so.
    else if (phase.at === 'opening' || phase.at === 'resuming') this.#watch(wakeAnswerMs, () => this.#retryLater())
  }

  /** False if there is no connection: then `settle` is never called. */
  send<Name extends OperationName>(operation: Name, data: OperationInput<Name>, settle: Settle<Name>): boolean {
    if (this.#phase.at !== 'online') return false
    this.#phase.live.requests.send(operation, data, settle)
    return true
  }

  /** Shows the server a newer token on the same socket. */
  reauthenticate(token: string): void {
    if (this.#phase.at !== 'online') return
    const { live } = this.#phase
    const mark = this.#owner.mark()
    live.requests.send('session.resume', { token, ...(mark && { mark }) }, outcome => {
      if ('problem' in outcome) this.#refused(live, outcome.problem)
    })
  }

  /** Gives up this connection and opens another. */
  reconnect(): void {
    this.#retryLater()
  }

  #connect(): void {
    this.#leave({ at: 'authorizing' })
    const turn = this.#turn
    this.#owner.accessToken(this.#tokenNeed).then(
      token => {
        if (turn === this.#turn) this.#open(token)
      },
      (error: unknown) => {
        if (turn !== this.#turn) return
        if (error instanceof SignInGoneError) this.#owner.sessionEnded()
        else this.#retryLater()
      },
    )
  }

  #open(token: string): void {
    this.#tokenNeed = 'any'
    this.#probing = false
    const turn = this.#turn
    const ours = (handle: () => void) => {
      if (turn === this.#turn) handle()
    }
    const socket = this.#transport.openSocket({
      opened: () => ours(() => this.#resume(token)),
      message: text => ours(() => this.#received(text)),
      closed: code => ours(() => this.#closed(code)),
    })
    if (turn !== this.#turn) return
    this.#phase = { at: 'opening', live: { socket, requests: new Requests(socket) } }
    this.#watch(Math.min(openWithin.firstMs * 2 ** this.#overdue, openWithin.maxMs), () => {
      this.#overdue++
      this.#retryLater()
    })
  }

  #resume(token: string): void {
    if (this.#phase.at !== 'opening') return
    const { live } = this.#phase
    this.#phase = { at: 'resuming', live, early: [] }
    const mark = this.#owner.mark()
    live.requests.send('session.resume', { token, ...(mark && { mark }) }, outcome => {
      if ('result' in outcome) this.#online(live, outcome.result)
      else if ('problem' in outcome) this.#refused(live, outcome.problem)
    })
  }

  #online(live: Live, reply: Resumed): void {
    const early = this.#phase.at === 'resuming' ? this.#phase.early : []
    const turn = this.#turn
    this.#phase = { at: 'online', live }
    this.#attempt = 0
    this.#overdue = 0
    this.#listenFor(live)
    this.#owner.resumed(reply)
    for (const frame of early) if (turn === this.#turn) this.#owner.frame(frame)
    if (turn === this.#turn) this.#owner.changed()
  }

  #refused(live: Live, problem: Problem): void {
    if (problem.code === 'session-ended') {
      this.#owner.sessionEnded()
      return
    }
    if (problem.code === 'unauthenticated' || problem.code === 'token-expired') this.#tokenNeed = 'fresh'
    live.socket.close()
    this.#retryLater()
  }

  #received(text: string): void {
    const phase = this.#phase
    if (phase.at !== 'resuming' && phase.at !== 'online') return
    this.#heardAt = this.#clock.now()
    if (this.#probing && phase.at === 'online') this.#listenFor(phase.live)
    const frame = parseFrame(text)
    if (!frame) return
    if (frame.type === 'reply') phase.live.requests.reply(frame)
    else if (phase.at === 'online') this.#owner.frame(frame)
    else if (phase.early.push(frame) > earlyFrames) this.#retryLater()
  }

  /** One timer however many frames come: when it fires, it looks how long ago the last one was. */
  #listenFor(live: Live): void {
    this.#probing = false
    const silentMs = this.#clock.now() - this.#heardAt
    if (silentMs >= probeAfterMs) this.#probe(live, probeAnswerMs)
    else this.#watch(probeAfterMs - silentMs, () => this.#listenFor(live))
  }

  /** Any answer is a sign of life, a refusal too. */
  #probe(live: Live, answerMs: number): void {
    this.#probing = true
    this.#watch(answerMs, () => this.#retryLater())
    live.requests.send('presence.get', { accountIds: [] }, () => undefined)
  }

  #closed(code: number): void {
    if (code === closeCodes.sessionEnded.code) {
      this.#owner.sessionEnded()
    } else if (code === closeCodes.tokenExpired.code || code === closeCodes.unauthenticated.code) {
      this.#tokenNeed = 'fresh'
      this.#retryLater()
    } else if (shouldReconnect(code)) {
      this.#retryLater()
    } else {
      this.#leave({ at: 'waiting', retryAt: null, cancel: () => undefined })
      this.#owner.changed()
    }
  }

  #retryLater(): void {
    const afterMs = backOffMs(reconnectBackOff, this.#attempt++, this.#random.next())
    this.#leave({ at: 'stopped' })
    const turn = this.#turn
    const cancel = this.#clock.setTimer(afterMs, () => {
      if (turn === this.#turn) this.#connect()
    })
    this.#phase = { at: 'waiting', retryAt: this.#clock.now() + afterMs, cancel }
    this.#owner.changed()
  }

  /** Ends whatever the phase holds. The old socket's callbacks are ignored from here on. */
  #leave(next: Phase): void {
    const phase = this.#phase
    this.#turn++
    this.#phase = next
    this.#cancelWatch()
    if (phase.at === 'waiting') phase.cancel()
    if (phase.at === 'opening' || phase.at === 'resuming' || phase.at === 'online') {
      phase.live.socket.close()
      phase.live.requests.lose()
      if (phase.at === 'online') this.#owner.disconnected()
    }
    this.#owner.changed()
  }

  #watch(afterMs: number, late: () => void): void {
    this.#cancelWatch()
    const turn = this.#turn
    this.#cancelWatch = this.#clock.setTimer(afterMs, () => {
      if (turn === this.#turn) late()
    })
  }
}
