/**
 * One open socket of the mail API: a connection of the gateway whose wire says what its account's own stream says of mail, in
 * this API's words and strictly in sequence. What the client sends is read and ignored. It listens before its handshake is
 * answered, so nothing that happens after that answer is missed.
 *
 * The stream is the node's to read (L5), so a lost hint is made good there (L4). What the connection was too slow for it
 * reads by itself, from where it stands, as soon as the client takes something again (L10).
 */
import type { Duplex } from 'node:stream'
import type { AccountId, CloseReason } from '@recado/protocol'
import type { WebSocket } from 'ws'
import type { AccessClaims } from '../../access/tokens.ts'
import type { Context } from '../../context.ts'
import type { Connection, Wire } from '../../gateway/connection.ts'
import type { Frame } from '../../gateway/frame.ts'
import type { Teller, Told } from './told.ts'

/** A socket that does not answer our close frame is cut after this. */
const closeTimeoutMs = 2_000
const eventsPerRead = 100

const policyViolation = 1008
/** Of RFC 6455: this API has no close codes of its own but 1008 for whoever may not, or may no longer, listen. */
const closeCodes: Partial<Record<CloseReason, number>> = { goingAway: 1001, stalled: 1013, unavailable: 1013 }

export interface MailSocketOptions {
  /** The TCP or TLS socket beneath. */
  readonly stream: Duplex
  readonly context: Pick<Context, 'gateway' | 'store' | 'logger'>
  readonly teller: Teller
  onClosed(open: MailSocket): void
}

export class MailSocket implements Wire {
  readonly #options: MailSocketOptions
  readonly #connection: Connection
  #accountId: AccountId | null = null
  /** The sequence of the newest event that was told, or said nothing. */
  #after = 0
  #heldBytes = 0
  #work: Promise<void> = Promise.resolve()
  #closedFor: CloseReason | undefined
  #socket: WebSocket | null = null
  readonly #accepted = Promise.withResolvers<void>()
  #answered = true

  constructor(options: MailSocketOptions) {
    this.#options = options
    const { stream, context } = options
    this.#connection = context.gateway.connect(this)
    this.#then(0, () => this.#accepted.promise)
    stream.on('error', () => stream.destroy())
    stream.on('drain', () => this.#connection.drained())
    stream.on('close', () => {
      this.#accepted.resolve()
      context.gateway.disconnect(this.#connection, this.#closedFor)
      options.onClosed(this)
    })
  }

  get unsentBytes(): number {
    return this.#heldBytes + this.#options.stream.writableLength
  }

  get takenBytes(): number {
    const { stream } = this.#options
    const written = 'bytesWritten' in stream && typeof stream.bytesWritten === 'number' ? stream.bytesWritten : 0
    return written - stream.writableLength
  }

  /** A good connection stays open after its token has expired; it ends with the session. */
  async attach(claims: AccessClaims): Promise<void> {
    const grant = { ...claims, expiresAtMs: Number.POSITIVE_INFINITY }
    const { heads } = await this.#options.context.gateway.attach(this.#connection, grant)
    this.#accountId = claims.accountId
    this.#after = heads[0]?.sequence ?? 0
  }

  /** The handshake is answered: tells what came meanwhile, or ends. */
  accept(socket: WebSocket): void {
    this.#socket = socket
    socket.on('pong', () => {
      this.#answered = true
    })
    // `ws` closes a socket that breaks the protocol by itself, and this one only.
    socket.on('error', () => undefined)
    this.#accepted.resolve()
    if (this.#closedFor !== undefined) this.close(this.#closedFor)
  }

  send(frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (frame.type === 'behind') this.#then(0, () => this.#readOn())
      else if (frame.type === 'event') this.#then(frame.text.length, () => this.#tell(frame))
    }
  }

  close(reason: CloseReason): void {
    this.#closedFor ??= reason
    const socket = this.#socket
    if (socket === null) return
    socket.close(closeCodes[this.#closedFor] ?? policyViolation)
    setTimeout(() => socket.terminate(), closeTimeoutMs).unref()
  }

  /** By the server: with this reason, after what was told. */
  end(reason: CloseReason): void {
    this.#connection.close(reason)
  }

  /** Every so often: whoever left the last one unanswered is gone. */
  beat(): void {
    const socket = this.#socket
    if (socket === null) return
    if (!this.#answered) socket.terminate()
    this.#answered = false
    if (socket.readyState === socket.OPEN) socket.ping()
  }

  #then(bytes: number, work: () => Promise<void>): void {
    this.#heldBytes += bytes
    this.#work = this.#work.then(work).catch(error => {
      this.#options.context.logger.warn({ err: error }, 'a socket of the mail API could not be told something')
      this.end('unavailable')
    })
    void this.#work.then(() => {
      this.#heldBytes -= bytes
      if (this.unsentBytes === 0) this.#connection.drained()
    })
  }

  async #tell(frame: Frame): Promise<void> {
    if (frame.stream === this.#accountId) this.#write(await this.#options.teller.tellFrame(frame))
  }

  async #readOn(): Promise<void> {
    const { context, teller } = this.#options
    while (this.#accountId !== null && !this.#connection.closed) {
      const { items } = await context.store.readEvents(this.#accountId, this.#after, eventsPerRead)
      for (const event of items) this.#write(await teller.tell(event))
      if (items.length < eventsPerRead) return
      await this.#drained()
    }
  }

  #write({ sequence, text }: Told): void {
    if (sequence <= this.#after) return
    this.#after = sequence
    const socket = this.#socket
    if (text !== null && socket?.readyState === socket?.OPEN) socket?.send(text)
  }

  #drained(): Promise<void> {
    const { stream } = this.#options
    if (!stream.writableNeedDrain) return Promise.resolve()
    return new Promise(resolve => {
      stream.once('drain', resolve)
      stream.once('close', resolve)
    })
  }
}
