/**
 * The outside world of an engine: a server in memory behind a network that delays, cuts and goes away, on a virtual
 * clock and from a seed. It keeps the wire contract and nothing else of the real one.
 */
import {
  type Account,
  type AccountId,
  createProblem,
  type Grant,
  type OperationName,
  type ProblemCode,
  type PushFrame,
  type ServerFrame,
  type SessionId,
  type StreamEvent,
  type StreamId,
} from '@recado/protocol'
import type { Random, SocketHandlers, Transport } from '../ports.ts'
import { ProblemError } from '../problem-error.ts'
import { FakeLog, refused } from './fake-log.ts'
import { FakeMail } from './fake-mail.ts'
import { createAnswers, type FakePeer, type Fault, moved } from './fake-operations.ts'
import type { VirtualClock } from './virtual-clock.ts'

interface Connection extends FakePeer {
  readonly handlers: SocketHandlers
  state: 'opening' | 'open' | 'resumed' | 'closed'
  /** When the last frame of each direction arrives: later ones never overtake it. */
  readonly lastArrival: { up: number; down: number }
}

export interface Request {
  readonly op: OperationName
  readonly data: Readonly<Record<string, unknown>>
  readonly at: number
}

export class FakeServer {
  readonly log: FakeLog
  readonly mail: FakeMail
  readonly requests: Request[] = []
  /** `silent`: nothing is refused, and nothing answers. */
  network: 'up' | 'down' | 'silent' = 'up'
  fault: Fault = () => null
  /** How long an answer is held back after it was found: what happens meanwhile overtakes it. */
  slowMs: (operation: OperationName) => number = () => 0
  /** Changes a live frame on its way; null loses it. */
  onPush: (frame: PushFrame) => readonly PushFrame[] = frame => [frame]
  readonly #refusals = new Map<OperationName, ProblemCode>()
  readonly #clock: VirtualClock
  readonly #random: Random
  readonly #connections = new Set<Connection>()
  readonly #answers: ReturnType<typeof createAnswers>
  /** Sessions that are refused from now on. */
  readonly ended = new Set<number>()
  readonly #sessions = new Map<number, number>()
  #tokens = 0

  constructor(clock: VirtualClock, random: Random) {
    this.#clock = clock
    this.#random = random
    this.log = new FakeLog(clock, (stream, event) => this.#announce(stream, event))
    this.mail = new FakeMail(this.log, (authorId, frame) => this.push(authorId, frame))
    this.#answers = createAnswers(this.log, this.mail, () => this.fault)
  }

  get connections(): number {
    return this.#connections.size
  }

  /** The network as one account's client sees it. */
  transportOf(id: number): Transport {
    const account = this.log.account(id)
    return {
      openSocket: handlers => this.#connect(account, handlers),
      request: async (operation, data) => {
        const answer = await this.#overHttp(account, operation, data as { login?: string; refreshToken?: string })
        return answer as never
      },
    }
  }

  async #overHttp(own: Account, operation: OperationName, data: { login?: string; refreshToken?: string }) {
    await this.#delay()
    if (this.network === 'silent') await new Promise(() => undefined)
    if (this.network === 'down') throw new Error('The network is down.')
    if (operation === 'session.end') return { result: {} }
    if (operation === 'session.create') {
      const account = this.log.account(Number(/\d+$/.exec(data.login ?? '')?.[0] ?? own.id))
      return { result: this.#grant(account, this.#nextSession(account)) }
    }
    if (operation !== 'session.refresh') throw new Error(`No ${operation} here.`)
    const sessionId = Number(data.refreshToken?.split('-')[1])
    if (this.ended.has(sessionId)) return { problem: createProblem('session-ended') }
    return { result: this.#grant(own, sessionId) }
  }

  /** The first of an account has its number. */
  #nextSession(account: Account): number {
    const last = this.#sessions.get(account.id)
    const sessionId = last === undefined ? account.id : last + 100
    this.#sessions.set(account.id, sessionId)
    return sessionId
  }

  #grant(account: Account, sessionId: number): Grant {
    const expiresAt = new Date(this.#clock.now() + 30 * 60_000).toISOString()
    return {
      account,
      sessionId: sessionId as SessionId,
      accessToken: `token-${sessionId}-${account.id}-${++this.#tokens}`,
      expiresAt,
      refreshToken: `refresh-${sessionId}`,
    }
  }

  /** The next request of this operation is refused, and nothing written. */
  refuseNext(operation: OperationName, code: ProblemCode): void {
    this.#refusals.set(operation, code)
  }

  /** Ends every socket at once, as a dying server or network does: what is on its way is lost. */
  cut(code = 1006): void {
    for (const connection of [...this.#connections]) this.#close(connection, code)
  }

  caughtUp(): void {
    for (const connection of this.#connections) {
      if (connection.state === 'resumed') this.#push(connection, { type: 'caught-up', mark: this.#mark() })
    }
  }

  push(accountId: number, frame: PushFrame): void {
    for (const connection of this.#connections) {
      if (connection.accountId === accountId && connection.state === 'resumed') this.#push(connection, frame)
    }
  }

  #connect(account: Account, handlers: SocketHandlers) {
    const connection: Connection = {
      accountId: account.id,
      refusing: new Set(),
      handlers,
      state: 'opening',
      lastArrival: { up: 0, down: 0 },
    }
    this.#connections.add(connection)
    this.#travel(connection, 'down', () => {
      if (this.network === 'silent') return
      if (this.network === 'down') {
        this.#close(connection, 1006)
        return
      }
      connection.state = 'open'
      handlers.opened()
    })
    return {
      send: (text: string) => this.#travel(connection, 'up', () => this.#receive(connection, text)),
      close: () => this.#close(connection, 1000),
    }
  }

  #close(connection: Connection, code: number): void {
    if (connection.state === 'closed') return
    connection.state = 'closed'
    this.#connections.delete(connection)
    this.#clock.setTimer(0, () => connection.handlers.closed(code))
  }

  #receive(connection: Connection, text: string): void {
    const { id, op, data } = JSON.parse(text) as { id: number; op: OperationName; data: Record<string, unknown> }
    this.requests.push({ op, data, at: this.#clock.now() })
    if (op === 'session.resume') {
      this.#resume(connection, id, data as { token: string; mark?: string })
      return
    }
    this.#answer(connection, { id, op }, () => {
      const refusal = this.#refusals.get(op)
      this.#refusals.delete(op)
      if (refusal !== undefined) throw refused(refusal)
      const answer = this.#answers[op] as ((input: unknown, peer: FakePeer) => unknown) | undefined
      if (op === 'position.move') return this.#move(connection, data as never)
      if (!answer) throw new Error(`The fake server has no ${op}.`)
      return answer(data, connection)
    })
  }

  #answer(connection: Connection, { id, op }: Pick<Request, 'op'> & { id: number }, work: () => unknown): void {
    const reply = (frame: ServerFrame) => {
      const heldMs = this.slowMs(op)
      if (heldMs === 0) this.#frame(connection, frame)
      else this.#clock.setTimer(heldMs, () => this.#frame(connection, frame))
    }
    try {
      const result = structuredClone(work())
      reply({ type: 'reply', id, result })
    } catch (error) {
      const problem =
        error instanceof ProblemError ? error.problem : createProblem('internal', { detail: String(error) })
      reply({ type: 'reply', id, problem })
    }
  }

  #resume(connection: Connection, id: number, { token, mark }: { token: string; mark?: string }): void {
    const [, sessionId, accountId] = token.split('-').map(Number)
    if (sessionId === undefined || accountId === undefined || this.ended.has(sessionId)) {
      this.#frame(connection, { type: 'reply', id, problem: createProblem('session-ended') })
      return
    }
    connection.state = 'resumed'
    connection.accountId = accountId as AccountId
    const at = this.#mark()
    this.#answer(connection, { id, op: 'session.resume' }, () => ({
      account: this.log.account(accountId),
      sessionId,
      epoch: this.log.epoch,
      head: this.log.head(accountId),
      moved: mark === undefined ? null : moved(this.log, connection.accountId, mark),
      heartbeatMs: 25_000,
    }))
    this.#push(connection, { type: 'caught-up', mark: at })
  }

  #move(connection: Connection, data: { conversationId: never; delivered?: number; read?: number }): object {
    const conversation = this.log.movePosition(data.conversationId, connection.accountId, data)
    const items = this.log.positions(conversation, conversation.registers - 1)
    const frame = {
      type: 'positions',
      conversationId: conversation.id,
      version: conversation.registers,
      items,
    } as const
    for (const peer of this.#connections) {
      if (peer.state === 'resumed' && conversation.members.has(peer.accountId)) this.#push(peer, frame)
    }
    return {}
  }

  #announce(stream: StreamId, event: StreamEvent): void {
    for (const connection of this.#connections) {
      if (connection.state !== 'resumed' || !this.log.follows(connection.accountId, stream)) continue
      this.#push(connection, { type: 'event', stream, event: structuredClone(event) })
    }
  }

  #push(connection: Connection, frame: PushFrame): void {
    for (const sent of this.onPush(frame)) this.#frame(connection, sent)
  }

  #frame(connection: Connection, frame: ServerFrame): void {
    const text = JSON.stringify(frame)
    this.#travel(connection, 'down', () => connection.handlers.message(text))
  }

  /** Arrives after a while, in order, unless the connection ends before. */
  #travel(connection: Connection, way: 'up' | 'down', arrive: () => void): void {
    const at = Math.max(connection.lastArrival[way], this.#clock.now() + 1 + Math.floor(this.#random.next() * 40))
    connection.lastArrival[way] = at
    this.#clock.setTimer(at - this.#clock.now(), () => {
      if (connection.state !== 'closed') arrive()
    })
  }

  #delay(): Promise<void> {
    return new Promise(resolve => this.#clock.setTimer(1 + Math.floor(this.#random.next() * 40), resolve))
  }

  #mark(): string {
    return `${this.log.epoch} ${this.log.commits.length}`
  }
}
