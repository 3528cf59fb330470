/**
 * The requests of one socket: decoded, let in, dispatched in the order they came, answered. Upholds L3 and L10.
 *
 * Order: a request is dispatched in the same turn in which it is let in, so two sends of one socket reach the log in the
 * order they were written. After a retryable refusal of a send, later sends to that conversation are refused too, until
 * one says `restart`: else the retry would come after them.
 *
 * Bounds: only so many reads run at once, only so many bytes of requests, and nothing while the connection is full; what
 * comes meanwhile waits here, in order, and the socket is not read from. More than `limits.requestsInFlight` is flooding.
 */
import {
  type CloseReason,
  createProblem,
  isOperationName,
  limits,
  type OperationName,
  operations,
  type Problem,
  type ProblemCode,
  type RequestFrame,
} from '@recado/protocol'
import type { Connection } from '../../gateway/connection.ts'
import { Frame } from '../../gateway/frame.ts'
import type { Caller, Visitor } from '../../operations/handler.ts'
import { Refusal } from '../../problem.ts'
import type { Dispatch } from '../dispatch.ts'

const readsAtOnce = 8
/** UTF-16 units of the requests under way: many large sends of one socket wait for each other, not others for them. */
const unitsAtOnce = 1024 * 1024
/** What a refused `session.resume` ends the socket with: it will not be let in with this token. */
const closeReasons = new Map<ProblemCode, CloseReason>([
  ['unauthenticated', 'unauthenticated'],
  ['token-expired', 'tokenExpired'],
  ['session-ended', 'sessionEnded'],
])

export interface SocketSessionOptions {
  readonly connection: Connection
  readonly dispatch: Dispatch
  readonly address: string
  /** Asks the wire to stop and to go on delivering requests. */
  pause(): void
  resume(): void
}

/** A request and what it weighs. */
interface Admission {
  readonly request: RequestFrame
  readonly units: number
}

export class SocketSession {
  readonly #options: SocketSessionOptions
  /** Requests that were not let in yet, in order. */
  readonly #waiting: Admission[] = []
  /** Conversations whose sends are refused until one says `restart`; null for none, as nearly always. */
  #refusing: Set<unknown> | null = null
  #underWay = 0
  #reads = 0
  #units = 0
  #waitingForRoom = false
  #draining: PromiseWithResolvers<void> | null = null

  constructor(options: SocketSessionOptions) {
    this.#options = options
  }

  /** Lets nothing more in; resolves once what is under way is answered. */
  drain(): Promise<void> {
    this.#draining ??= Promise.withResolvers()
    this.#waiting.length = 0
    if (this.#underWay === 0) this.#draining.resolve()
    return this.#draining.promise
  }

  /** The peer is gone: nothing more is let in. What is under way ends by itself, and its answer goes nowhere. */
  abandon(): void {
    this.#waiting.length = 0
  }

  receive(text: string): void {
    const { connection } = this.#options
    if (connection.closed || this.#draining !== null) return
    const request = parseRequest(text)
    if (request === null) {
      connection.close('badFrame')
      return
    }
    if (this.#underWay + this.#waiting.length >= limits.requestsInFlight) {
      connection.close('flooding')
      return
    }
    const admission = { request, units: text.length }
    if (this.#waiting.length > 0 || !this.#mayEnter(admission)) {
      this.#waiting.push(admission)
      this.#options.pause()
      this.#waitForRoom()
    } else this.#start(admission)
  }

  #mayEnter({ request: { op } }: Admission): boolean {
    if (this.#options.connection.isFull || this.#units > unitsAtOnce) return false
    return this.#reads < readsAtOnce || !isRead(op)
  }

  #waitForRoom(): void {
    const room = this.#options.connection.whenRoom()
    if (room === null || this.#waitingForRoom) return
    this.#waitingForRoom = true
    void room.then(() => {
      this.#waitingForRoom = false
      this.#letIn()
    })
  }

  #letIn(): void {
    if (this.#options.connection.closed) {
      this.#waiting.length = 0
      return
    }
    for (let next = this.#waiting[0]; next !== undefined && this.#mayEnter(next); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#start(next)
    }
    if (this.#waiting.length === 0) this.#options.resume()
    else this.#waitForRoom()
  }

  #start({ request, units }: Admission): void {
    const reading = isRead(request.op)
    this.#underWay += 1
    this.#units += units
    if (reading) this.#reads += 1
    void this.#run(request).then(() => {
      this.#underWay -= 1
      this.#units -= units
      if (reading) this.#reads -= 1
      if (this.#waiting.length > 0) this.#letIn()
      else if (this.#underWay === 0) this.#draining?.resolve()
    })
  }

  async #run({ id, op, data }: RequestFrame): Promise<void> {
    const { connection, dispatch } = this.#options
    const guarded = op === 'message.send' || op === 'message.forward' ? this.#guardOf(data) : null
    try {
      if (guarded?.refused === true) throw new Refusal('earlier-refused')
      const result = await dispatch(requireSocketOperation(op), data ?? {}, this.#caller(op))
      connection.reply(Frame.reply({ type: 'reply', id, result }))
    } catch (error) {
      const problem = problemOf(error)
      if (guarded !== null && problem.retry !== 'never') {
        this.#refusing ??= new Set()
        this.#refusing.add(guarded.conversation)
      }
      connection.reply(Frame.reply({ type: 'reply', id, problem }))
      const reason = op === 'session.resume' ? closeReasons.get(problem.code) : undefined
      if (reason !== undefined) connection.close(reason)
    }
  }

  /** The conversation of a send, as far as an unchecked request tells, and whether it is refused right now (L3). */
  #guardOf(data: unknown): { readonly conversation: unknown; readonly refused: boolean } | null {
    if (typeof data !== 'object' || data === null || !('conversationId' in data)) return null
    const conversation = data.conversationId
    if ('restart' in data && data.restart === true) this.#refusing?.delete(conversation)
    return { conversation, refused: this.#refusing?.has(conversation) === true }
  }

  #caller(op: OperationName): Caller | Visitor {
    const { connection, address } = this.#options
    const { account, sessionId } = connection
    if (account === null || sessionId === null || operations[op].access === 'public') return { address, connection }
    return { address, connection, accountId: account.id, sessionId }
  }
}

function isRead(op: string): boolean {
  return isOperationName(op) && operations[op].effect === 'read'
}

function requireSocketOperation(op: string): OperationName {
  if (!isOperationName(op) || operations[op].transport === 'http') throw new Refusal('unknown-operation')
  return op
}

function problemOf(error: unknown): Problem {
  return error instanceof Refusal ? error.problem : createProblem('internal')
}

/** Null for what is no request frame at all; an unknown `op` or bad `data` is answered, not closed. */
function parseRequest(text: string): RequestFrame | null {
  let frame: unknown
  try {
    frame = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof frame !== 'object' || frame === null || !('id' in frame) || !('op' in frame)) return null
  const { id, op } = frame
  if (!Number.isSafeInteger(id) || (id as number) < 0 || typeof op !== 'string' || op.length > 64) return null
  return frame as RequestFrame
}
