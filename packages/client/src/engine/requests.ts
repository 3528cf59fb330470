/** The requests of one socket: numbered, bounded, each settled exactly once, by its reply or by the socket's end. */
import type { OperationInput, OperationName, OperationOutput, Problem, ReplyFrame } from '@recado/protocol'
import type { Socket } from '../ports.ts'

/** `lost`: no reply came, so it is unknown whether the server did it. */
export type Outcome<Name extends OperationName> =
  | { readonly result: OperationOutput<Name> }
  | { readonly problem: Problem }
  | { readonly lost: true }

export type Settle<Name extends OperationName> = (outcome: Outcome<Name>) => void

/** Half of what the server allows (`limits.requestsInFlight`): the rest waits its turn here. */
const inFlightLimit = 512

export class Requests {
  readonly #socket: Socket
  readonly #open = new Map<number, (outcome: Outcome<never>) => void>()
  readonly #waiting: { readonly text: string; readonly id: number }[] = []
  #lastId = 0
  #inFlight = 0

  constructor(socket: Socket) {
    this.#socket = socket
  }

  get inFlight(): number {
    return this.#open.size
  }

  /** `settle` runs in step with the frames around the reply, so what it changes is seen by the next frame. */
  send<Name extends OperationName>(operation: Name, data: OperationInput<Name>, settle: Settle<Name>): void {
    const id = ++this.#lastId
    this.#open.set(id, settle as (outcome: Outcome<never>) => void)
    const text = JSON.stringify({ id, op: operation, data })
    if (this.#inFlight < inFlightLimit) this.#write(text)
    else this.#waiting.push({ text, id })
  }

  reply(frame: ReplyFrame): void {
    const settle = this.#open.get(frame.id)
    if (!settle) return
    this.#open.delete(frame.id)
    this.#inFlight--
    const next = this.#waiting.shift()
    if (next) this.#write(next.text)
    settle('problem' in frame ? { problem: frame.problem } : { result: frame.result as never })
  }

  /** The socket ended. */
  lose(): void {
    const open = [...this.#open.values()]
    this.#open.clear()
    this.#waiting.length = 0
    for (const settle of open) settle({ lost: true })
  }

  #write(text: string): void {
    this.#inFlight++
    this.#socket.send(text)
  }
}
