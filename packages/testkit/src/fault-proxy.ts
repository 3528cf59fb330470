/**
 * A TCP proxy between a client and a server that can be told to fail the way networks do: connections end politely or
 * with a reset, in the middle of a frame or between two; bytes stop for a while; a link dies without either side hearing
 * of it; everything takes longer; new connections are refused.
 *
 * Bytes are never reordered or altered within a connection: TCP does not do that either. What is in the proxy when a link
 * is cut is lost, like what is on a wire.
 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export interface FaultProxyOptions {
  readonly targetPort: number
  readonly targetHost?: string
}

type Mode = 'open' | 'stalled' | 'dead'

/** Bytes that one direction of a stalled or slow link keeps; beyond that the sender is held back, as by a full window. */
const heldBytes = 1024 * 1024

export class FaultProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #options: FaultProxyOptions
  readonly #links = new Set<Link>()
  #accepting: 'yes' | 'no' = 'yes'
  #latencyMs = 0
  #stalled = false

  private constructor(options: FaultProxyOptions) {
    this.#options = options
    // Half-open on purpose: one side's end is passed on to the other and closes nothing by itself.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, socket => this.#accept(socket))
  }

  static async listen(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options)
    await new Promise<void>((resolve, reject) => proxy.#server.once('error', reject).listen(0, '127.0.0.1', resolve))
    return proxy
  }

  /** `http://127.0.0.1:port` */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Ends all connections in order: both sides see an end after what was on the way. */
  cut(): void {
    for (const link of this.#links) link.end()
  }

  /** Both sides see a reset; what was on the way is lost. */
  reset(): void {
    for (const link of this.#links) link.reset()
  }

  /** Passes on this many more bytes to the client on each link, then resets it: a frame ends in the middle. */
  resetAfter(bytes: number): void {
    for (const link of this.#links) link.resetAfter(bytes)
  }

  /** Nothing moves until `heal`; then everything that was sent arrives. */
  stall(): void {
    this.#stalled = true
    for (const link of this.#links) link.mode = 'stalled'
  }

  /** The links of now are dead for good and nobody is told: what is sent into them vanishes. New ones work. */
  blackHole(): void {
    for (const link of this.#links) link.mode = 'dead'
  }

  /** New connections are reset at once, as where nobody listens. */
  refuse(): void {
    this.#accepting = 'no'
  }

  /** Each chunk arrives this much later, in both directions. */
  delay(latencyMs: number): void {
    this.#latencyMs = latencyMs
  }

  /** The network works again. Links that died stay dead: `forgetDead` lets a router answer them with a reset. */
  heal(): void {
    this.#accepting = 'yes'
    this.#latencyMs = 0
    this.#stalled = false
    for (const link of this.#links) link.release()
  }

  forgetDead(): void {
    for (const link of this.#links) if (link.mode === 'dead') link.reset()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const link of this.#links) link.reset()
    await new Promise(resolve => this.#server.close(resolve))
  }

  #accept(client: Socket): void {
    if (this.#accepting === 'no') {
      client.on('error', () => undefined)
      client.resetAndDestroy()
      return
    }
    const upstream = connect({
      host: this.#options.targetHost ?? '127.0.0.1',
      port: this.#options.targetPort,
      allowHalfOpen: true,
      noDelay: true,
    })
    const link = new Link(client, upstream, () => this.#latencyMs)
    if (this.#stalled) link.mode = 'stalled'
    this.#links.add(link)
    void link.closed.then(() => this.#links.delete(link))
  }
}

/** One connection through the proxy. */
class Link {
  mode: Mode = 'open'
  readonly closed: Promise<void>
  readonly #up: Direction
  readonly #down: Direction
  readonly #sockets: readonly Socket[]

  constructor(client: Socket, upstream: Socket, latencyMs: () => number) {
    this.#sockets = [client, upstream]
    const link = { mode: () => this.mode, latencyMs, spent: () => this.reset() }
    this.#up = new Direction(client, upstream, link)
    this.#down = new Direction(upstream, client, link)
    const ended = this.#sockets.map(
      socket =>
        new Promise<void>(resolve => {
          socket.on('error', () => undefined)
          socket.once('close', hadError => {
            if (hadError && this.mode !== 'dead') this.reset()
            resolve()
          })
        }),
    )
    this.closed = Promise.all(ended).then(() => undefined)
  }

  end(): void {
    if (this.mode === 'dead') return
    for (const socket of this.#sockets) socket.end()
    // Neither side has to answer an end; what does not go by itself goes with the proxy.
    for (const socket of this.#sockets) socket.resume().once('end', () => socket.destroySoon())
  }

  reset(): void {
    for (const socket of this.#sockets) if (!socket.destroyed) socket.resetAndDestroy()
  }

  resetAfter(bytes: number): void {
    this.#down.allowance = bytes
  }

  release(): void {
    if (this.mode !== 'stalled') return
    this.mode = 'open'
    this.#up.flush()
    this.#down.flush()
  }
}

interface LinkState {
  mode(): Mode
  latencyMs(): number
  /** The allowance is used up. */
  spent(): void
}

interface Held {
  readonly chunk: Buffer | 'end'
  readonly dueAt: number
}

/** From one socket to the other, through a queue that keeps order whatever the delay. */
class Direction {
  /** Bytes that may still pass; undefined without limit. */
  allowance: number | undefined
  readonly #from: Socket
  readonly #to: Socket
  readonly #link: LinkState
  readonly #held: Held[] = []
  #bytes = 0
  #timer: NodeJS.Timeout | undefined

  constructor(from: Socket, to: Socket, link: LinkState) {
    this.#from = from
    this.#to = to
    this.#link = link
    from.on('data', (chunk: Buffer) => this.#take(chunk))
    from.on('end', () => this.#take('end'))
    to.on('drain', () => this.#from.resume())
    from.once('close', () => clearTimeout(this.#timer))
  }

  #take(chunk: Buffer | 'end'): void {
    if (this.#link.mode() === 'dead') return
    this.#held.push({ chunk, dueAt: performance.now() + this.#link.latencyMs() })
    if (chunk !== 'end') this.#bytes += chunk.length
    if (this.#bytes > heldBytes) this.#from.pause()
    this.flush()
  }

  flush(): void {
    clearTimeout(this.#timer)
    if (this.#link.mode() === 'dead') {
      this.#held.length = 0
      return
    }
    if (this.#link.mode() === 'stalled') return
    for (let next = this.#held[0]; next !== undefined; next = this.#held[0]) {
      const waitMs = next.dueAt - performance.now()
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.flush(), waitMs)
        return
      }
      this.#held.shift()
      this.#pass(next.chunk)
    }
    if (this.#to.writableNeedDrain) this.#from.pause()
    else this.#from.resume()
  }

  #pass(chunk: Buffer | 'end'): void {
    if (this.#to.destroyed || this.#to.writableEnded) return
    if (chunk === 'end') {
      this.#to.end()
      return
    }
    this.#bytes -= chunk.length
    if (this.allowance === undefined) {
      this.#to.write(chunk)
      return
    }
    const part = chunk.subarray(0, this.allowance)
    this.allowance -= part.length
    if (this.allowance > 0) this.#to.write(part)
    // Only a write that left the proxy can be followed by a reset that does not overtake it.
    else this.#to.write(part, () => this.#link.spent())
  }
}
