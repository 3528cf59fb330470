/**
 * One signed-in connection of the driver. Both servers speak the same envelope, `{"type":"reply","id":…}` and
 * `{"type":"event",…}`, which is read by byte position on the hot path; everything else is parsed as JSON.
 *
 * A load message's body starts with `~sender.number~`, so that it can be found without parsing and checked without
 * keeping it.
 */
import { RawSocket, requestFrame, type SocketAddress } from './raw-socket.ts'

/** Requests of the load start here; below are calls that wait for their result. */
export const firstLoadId = 1_000_000

/** `{"type":"` is nine bytes, `{"type":"reply","id":` twenty-one. */
const typeAt = 9
const idAt = 21
const letters = { r: 0x72, e: 0x65, comma: 0x2c, dot: 0x2e, tilde: 0x7e, zero: 0x30 }

/** What a scenario does with what arrives. Called during a read: `now` is when it began. */
export interface LoadHandlers {
  acknowledged(number: number, now: number): void
  message(sender: number, number: number, now: number): void
  /** After a read's last frame: the place to send what it freed. */
  received(): void
  failed(what: string): void
}

interface Call {
  resolve(result: unknown): void
  reject(error: Error): void
}

export class Client {
  readonly #socket: RawSocket
  readonly #calls = new Map<number, Call>()
  #handlers: LoadHandlers | null = null
  #nextId = 1
  #now = 0
  #mark = Promise.withResolvers<string>()
  #closedBecause: string | null = null

  constructor(address: SocketAddress, buffer: Buffer) {
    this.#socket = new RawSocket(address, buffer, {
      receive: (bytes, start, end) => this.#receive(bytes, start, end),
      received: () => {
        this.#now = 0
        this.#handlers?.received()
      },
      closed: reason => this.#closed(reason),
    })
  }

  get opened(): Promise<void> {
    return this.#socket.opened
  }

  get closedBecause(): string | null {
    return this.#closedBecause
  }

  /** The mark of the first `caught-up` frame. */
  get mark(): Promise<string> {
    return this.#mark.promise
  }

  handle(handlers: LoadHandlers): void {
    this.#handlers = handlers
  }

  /** Sends load requests, already framed. */
  write(frames: string): void {
    this.#socket.write(frames)
  }

  call(op: string, data: unknown): Promise<unknown> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject })
      this.#socket.write(requestFrame(JSON.stringify({ id, op, data })))
    })
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #closed(reason: string): void {
    if (this.#closedBecause !== null) return
    this.#closedBecause = reason
    for (const call of this.#calls.values()) call.reject(new Error(reason))
    this.#handlers?.failed(reason)
  }

  #receive(bytes: Buffer, start: number, end: number): void {
    const type = bytes[start + typeAt]
    if (type === letters.r) this.#reply(bytes, start, end)
    else if (type !== letters.e || !this.#message(bytes, start, end)) this.#other(bytes.toString('utf8', start, end))
  }

  #reply(bytes: Buffer, start: number, end: number): void {
    let at = start + idAt
    let id = 0
    for (let byte = bytes[at] ?? 0; byte !== letters.comma && at < end; byte = bytes[++at] ?? 0) {
      id = id * 10 + byte - letters.zero
    }
    // After the comma: `"result"` or `"problem"`.
    if (id < firstLoadId) this.#other(bytes.toString('utf8', start, end))
    else if (bytes[at + 2] === letters.r) this.#handlers?.acknowledged(id - firstLoadId, this.#clock())
    else this.#handlers?.failed(`refused: ${bytes.toString('utf8', start, Math.min(end, start + 300))}`)
  }

  #message(bytes: Buffer, start: number, end: number): boolean {
    let at = start + idAt
    while (at < end && bytes[at] !== letters.tilde) at++
    if (at === end || this.#handlers === null) return false
    let sender = 0
    for (let byte = bytes[++at] ?? 0; byte !== letters.dot; byte = bytes[++at] ?? 0) {
      sender = sender * 10 + byte - letters.zero
    }
    let number = 0
    for (let byte = bytes[++at] ?? 0; byte !== letters.tilde; byte = bytes[++at] ?? 0) {
      number = number * 10 + byte - letters.zero
    }
    this.#handlers.message(sender, number, this.#clock())
    return true
  }

  /** One reading of the clock for all frames of a read. */
  #clock(): number {
    if (this.#now === 0) this.#now = performance.now()
    return this.#now
  }

  #other(text: string): void {
    const frame = JSON.parse(text)
    if (frame.type === 'reply') {
      const call = this.#calls.get(frame.id)
      this.#calls.delete(frame.id)
      if ('problem' in frame) call?.reject(new Error(`refused: ${text.slice(0, 300)}`))
      else call?.resolve(frame.result)
    } else if (frame.type === 'caught-up') {
      this.#mark.resolve(frame.mark)
    } else if (frame.type === 'behind') {
      this.#handlers?.failed('was told to be behind: the driver reads too slowly for this load')
    }
  }
}

/** The body of a load message: its marker, filled up to 80 bytes. */
export function loadBody(sender: number, number: number): string {
  return `~${sender}.${number}~`.padEnd(80, 'x')
}

/** The marker of a body, or null if it is none of the load's. */
export function parseLoadBody(body: string): { sender: number; number: number } | null {
  const match = /^~(\d+)\.(\d+)~/.exec(body)
  return match ? { sender: Number(match[1]), number: Number(match[2]) } : null
}
