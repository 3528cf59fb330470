/**
 * A client of the wire and nothing else: it sends what it is told, keeps every frame in the order of arrival and knows
 * no rule of the SDK, so that a test sees what the server really said. `until` waits for a condition over what came.
 */
import type {
  EventFrame,
  OperationInput,
  OperationName,
  OperationOutput,
  Problem,
  PushFrame,
  ReplyFrame,
  ServerFrame,
  StreamEvent,
} from '@recado/protocol'
import { type ClientOptions, WebSocket } from 'ws'
import { requireFrame, requireOutput } from './wire-contract.ts'

export type Resumed = OperationOutput<'session.resume'>

/** A refusal, as a test may expect it: `rejects.toMatchObject({ code: 'not-found' })`. */
export class Refused extends Error {
  readonly problem: Problem
  readonly code: Problem['code']

  constructor(problem: Problem, operation: string) {
    super(`${operation} was refused: ${JSON.stringify(problem)}`)
    this.name = 'Refused'
    this.problem = problem
    this.code = problem.code
  }
}

const patienceMs = 20_000

interface Waiter {
  look(): void
  fail(error: Error): void
}

export class SocketClient implements AsyncDisposable {
  readonly socket: WebSocket
  /** Every frame that is no reply, in the order of arrival. */
  readonly pushed: PushFrame[] = []
  readonly replies = new Map<number, ReplyFrame>()
  closed: { readonly code: number; readonly reason: string } | null = null
  #waiters = new Set<Waiter>()
  #broken: Error | null = null
  #nextId = 1

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', data => this.#receive(JSON.parse(String(data))))
    socket.on('error', () => undefined)
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) }
      this.#look()
    })
  }

  /** Opens a socket that has not said anything yet. `url` is the server's. */
  static async open(url: string, options: ClientOptions = {}): Promise<SocketClient> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/socket`, { perMessageDeflate: false, ...options })
    const client = new SocketClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return client
  }

  async resume(token: string, mark?: string): Promise<Resumed> {
    return await this.call('session.resume', mark === undefined ? { token } : { token, mark })
  }

  /** The result, or a `Refused` thrown. */
  async call<Name extends OperationName>(op: Name, data: OperationInput<Name>): Promise<OperationOutput<Name>> {
    const reply = await this.request(op, data)
    if ('problem' in reply) throw new Refused(reply.problem, op)
    requireOutput(op, reply.result)
    return reply.result as OperationOutput<Name>
  }

  /** Whatever data, whatever reply. */
  async request(op: string, data: unknown): Promise<ReplyFrame> {
    const id = this.post(op, data)
    return await this.until(() => this.replies.get(id), `the reply to ${op}`)
  }

  /** Sends a request without waiting for its reply. */
  post(op: string, data: unknown): number {
    const id = this.#nextId++
    this.socket.send(JSON.stringify({ id, op, data }))
    return id
  }

  events(stream: number): StreamEvent[] {
    return this.pushed
      .filter((frame): frame is EventFrame => frame.type === 'event' && frame.stream === stream)
      .map(frame => frame.event)
  }

  sequences(stream: number): number[] {
    return this.events(stream).map(event => event.sequence)
  }

  /** The texts of the messages that were pushed, in order. */
  bodies(stream: number): (string | null)[] {
    return this.events(stream).flatMap(event => (event.kind === 'message.created' ? [event.data.message.body] : []))
  }

  frames<Type extends PushFrame['type']>(type: Type): Extract<PushFrame, { type: Type }>[] {
    return this.pushed.filter((frame): frame is Extract<PushFrame, { type: Type }> => frame.type === type)
  }

  /** Resolves with what `condition` gives once that is neither false, null nor undefined; looks at every frame. */
  async until<Value>(
    condition: () => Value | false | null | undefined,
    what = 'a condition',
    withinMs = patienceMs,
  ): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>()
    const waiter: Waiter = {
      look: () => {
        if (this.#broken !== null) reject(this.#broken)
        const value = condition()
        if (value !== false && value !== null && value !== undefined) resolve(value)
        else if (this.closed !== null) reject(new Error(`${what}: the socket was closed (${this.closed.code})`))
      },
      fail: reject,
    }
    const timer = setTimeout(() => reject(new Error(`${what} did not happen; ${this.#summary()}`)), withinMs)
    this.#waiters.add(waiter)
    waiter.look()
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiters.delete(waiter)
    }
  }

  async untilClosed(withinMs = patienceMs): Promise<number> {
    return await this.until(() => this.closed?.code, 'the close of the socket', withinMs)
  }

  /** Everything that the server had to say before this moment has arrived: a reply comes after it. */
  async settle(): Promise<void> {
    await this.request('presence.get', { accountIds: [] })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closed !== null) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.socket.once('close', () => resolve())
    this.socket.terminate()
    await promise
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === 'reply') this.replies.set(frame.id, frame)
    else {
      this.pushed.push(frame)
      this.#requireContract(frame)
    }
    this.#look()
  }

  /** Found out where no test waits: the next one that does is told. */
  #requireContract(frame: PushFrame): void {
    try {
      requireFrame(frame)
    } catch (error) {
      this.#broken ??= error instanceof Error ? error : new Error(String(error))
    }
  }

  #look(): void {
    for (const waiter of this.#waiters) {
      try {
        waiter.look()
      } catch (error) {
        waiter.fail(error instanceof Error ? error : new Error(String(error)))
      }
    }
  }

  #summary(): string {
    const last = this.pushed.slice(-5).map(frame => JSON.stringify(frame).slice(0, 300))
    return `${this.pushed.length} frames came, the last: ${last.join(' ')}`
  }
}
