/** One socket from end to end: the SDK's handlers here, the gateway's connection there, a pipe for each direction. */
import type { SocketHandlers } from '@recado/client'
import { type CloseReason, closeCodes } from '@recado/protocol'
import type { Wire } from '@recado/server/gateway/connection.ts'
import type { Frame } from '@recado/server/gateway/frame.ts'
import type { Life } from './life.ts'
import type { NetworkOptions } from './network.ts'
import type { ServerEnd, SimulatedNode } from './node.ts'
import { Pipe } from './pipe.ts'

export interface WiringOptions extends NetworkOptions {
  readonly device: string
  readonly life: Life
  readonly node: SimulatedNode
  readonly handlers: SocketHandlers
  ended(wiring: Wiring): void
}

type Upward = { readonly text: string } | 'closed'
type Downward = { readonly text: string } | { readonly code: number }

const lostCode = 1006
const normalCode = 1000
const resumeWithinMs = 10_000
/** How long a server keeps a socket from which nothing comes: two heartbeats. */
const heartbeatMs = 30_000
/** Some sockets count each byte so often, so that the bounds of L10 are met by the simulation's short frames too. */
const thickness = 300

export class Wiring {
  readonly device: string
  readonly life: Life
  readonly node: SimulatedNode
  readonly #options: WiringOptions
  readonly #up: Pipe<Upward>
  readonly #down: Pipe<Downward>
  readonly #end: ServerEnd
  readonly #weight: number
  #sentBytes = 0
  #takenBytes = 0
  #clientClosed = false
  #serverClosed = false
  #reason: CloseReason | undefined

  constructor(options: WiringOptions) {
    const { device, life, node, dice, scheduler } = options
    this.device = device
    this.life = life
    this.node = node
    this.#options = options
    this.#weight = dice.chance(0.2) ? thickness : 1
    this.#up = new Pipe(options, item => this.#arriveUp(item))
    this.#down = new Pipe(options, item => this.#arriveDown(item))
    this.#end = node.accept(this.#wire(), { pause: () => this.#up.hold(), resume: () => this.#up.release() })
    scheduler.after(resumeWithinMs, () => {
      if (this.#end.connection.account === null) this.#closeFromServer('resumeTimeout')
    })
  }

  send(text: string): void {
    if (!this.#clientClosed) this.#up.send({ text: this.#options.distort?.toServer?.(text, this.device) ?? text })
  }

  closeFromClient(): void {
    if (this.#clientClosed) return
    this.#up.send('closed')
    this.#clientClosed = true
    this.#options.scheduler.after(0, () => {
      if (this.life.alive) this.#options.handlers.closed(normalCode)
      this.#endIfOver()
    })
  }

  /** Both ends find out, each at its own time; what is on its way up may still arrive before the server does. */
  cut(): void {
    const { dice, scheduler } = this.#options
    if (dice.chance(0.5)) this.#up.break()
    if (dice.chance(0.7)) this.#down.break()
    scheduler.after(dice.between(0, 2_000), () => this.#tellClient(lostCode))
    scheduler.after(dice.between(0, 8_000), () => this.#tellServer())
  }

  /** Nothing passes and nobody is told. The client finds out by its probe, the server by its heartbeat. */
  blackhole(): void {
    this.#up.break()
    this.#down.break()
    this.#options.scheduler.after(this.#options.dice.between(heartbeatMs, 2 * heartbeatMs), () => this.#tellServer())
  }

  stall(forMs: number): void {
    this.#down.hold()
    this.#options.scheduler.after(forMs, () => this.#down.release())
  }

  serverGone(): void {
    const { dice, scheduler } = this.#options
    this.#serverClosed = true
    this.#up.break()
    if (dice.chance(0.5)) this.#down.break()
    scheduler.after(dice.between(0, 1_000), () => this.#tellClient(lostCode))
  }

  clientGone(): void {
    const { dice, scheduler } = this.#options
    this.#clientClosed = true
    this.#down.break()
    if (dice.chance(0.5)) this.#up.break()
    scheduler.after(dice.chance(0.7) ? dice.between(0, 500) : 2 * heartbeatMs, () => this.#tellServer())
  }

  #wire(): Wire {
    const bytesUnderWay = () => (this.#sentBytes - this.#takenBytes) * this.#weight
    const bytesTaken = () => this.#takenBytes
    return {
      get unsentBytes() {
        return bytesUnderWay()
      },
      get takenBytes() {
        return bytesTaken()
      },
      send: frames => this.#sendDown(frames),
      close: reason => this.#closeFromServer(reason),
    }
  }

  #sendDown(frames: readonly Frame[]): void {
    if (!this.node.life.alive || this.#serverClosed) return
    for (const { text } of frames) {
      this.#options.onFrame(this.device, text)
      this.#sentBytes += text.length
      this.#down.send({ text })
    }
  }

  #closeFromServer(reason: CloseReason): void {
    if (!this.node.life.alive || this.#serverClosed || this.#reason !== undefined) return
    this.#reason = reason
    this.#down.send({ code: closeCodes[reason].code })
    this.#options.scheduler.after(this.#options.dice.between(0, 100), () => this.#tellServer())
  }

  #arriveUp(item: Upward): void {
    if (!this.node.life.alive || this.#serverClosed) return
    if (item === 'closed') this.#tellServer()
    else this.#end.receive(item.text)
  }

  #arriveDown(item: Downward): void {
    if ('code' in item) {
      this.#tellClient(item.code)
      return
    }
    this.#takenBytes += item.text.length
    if (this.#takenBytes === this.#sentBytes) this.#drained()
    const { distort, handlers } = this.#options
    const text = distort?.toClient ? distort.toClient(item.text, this.device) : item.text
    if (text !== null && this.life.alive && !this.#clientClosed) handlers.message(text)
  }

  #drained(): void {
    this.#options.scheduler.after(0, () => {
      if (this.node.life.alive && !this.#serverClosed) this.#end.connection.drained()
    })
  }

  #tellClient(code: number): void {
    if (this.#clientClosed) return
    this.#clientClosed = true
    if (this.life.alive) this.#options.handlers.closed(code)
    this.#endIfOver()
  }

  #tellServer(): void {
    if (this.#serverClosed) return
    this.#serverClosed = true
    this.#up.break()
    if (this.node.life.alive) this.#end.disconnected(this.#reason)
    // A server that gives a socket up resets it: the client hears of it, unless the way is broken.
    this.#down.send({ code: lostCode })
    this.#endIfOver()
  }

  #endIfOver(): void {
    if (this.#clientClosed && this.#serverClosed) this.#options.ended(this)
  }
}
