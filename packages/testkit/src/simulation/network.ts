/**
 * Between the programs and the nodes: sockets over pipes in order, which can be cut, black-holed and stalled, and HTTP
 * requests, which can be lost before or after they were done, and done twice.
 */
import type { HttpReply, Socket, SocketHandlers, Transport } from '@recado/client'
import type { OperationInput, OperationName } from '@recado/protocol'
import type { Dice } from './dice.ts'
import { type Life, never } from './life.ts'
import type { SimulatedNode } from './node.ts'
import type { Scheduler } from './scheduler.ts'
import type { Weather } from './weather.ts'
import { Wiring } from './wiring.ts'

export interface NetworkOptions {
  readonly scheduler: Scheduler
  readonly dice: Dice
  readonly weather: Weather
  /** Those that accept connections right now. */
  nodes(): readonly SimulatedNode[]
  /** Sees every frame that a server gives to the wire. */
  onFrame(device: string, text: string): void
  /** A test's own fault between program and network. */
  readonly distort?: {
    toServer?(text: string, device: string): string
    toClient?(text: string, device: string): string | null
  }
}

const noNetwork = 1006
const requestTimeoutMs = 30_000

export class Network {
  readonly #options: NetworkOptions
  readonly #sockets = new Set<Wiring>()
  readonly #offline = new Set<string>()

  constructor(options: NetworkOptions) {
    this.#options = options
  }

  transport(device: string, life: Life): Transport {
    return {
      openSocket: handlers => this.#openSocket(device, life, handlers),
      request: (operation, data, token) => this.#request(operation, { device, life, data, token }),
    }
  }

  get someOffline(): boolean {
    return this.#offline.size > 0
  }

  setOffline(device: string): void {
    this.#offline.add(device)
    for (const socket of this.#of(device)) socket.cut()
  }

  setOnline(device: string): void {
    this.#offline.delete(device)
  }

  cut(device: string): void {
    for (const socket of this.#of(device)) socket.cut()
  }

  blackhole(device: string): void {
    for (const socket of this.#of(device)) socket.blackhole()
  }

  /** The program takes nothing for a while. */
  stall(device: string, forMs: number): void {
    for (const socket of this.#of(device)) socket.stall(forMs)
  }

  /** A node died. */
  nodeGone(node: SimulatedNode): void {
    for (const socket of [...this.#sockets]) if (socket.node === node) socket.serverGone()
  }

  /** A program died: its machine tells the server, or nobody does. */
  programGone(life: Life): void {
    for (const socket of [...this.#sockets]) if (socket.life === life) socket.clientGone()
  }

  #of(device: string): Wiring[] {
    return [...this.#sockets].filter(socket => socket.device === device)
  }

  #openSocket(device: string, life: Life, handlers: SocketHandlers): Socket {
    const { scheduler, dice, weather } = this.#options
    let wiring: Wiring | null = null
    let closed = false
    scheduler.after(dice.between(1, 2 * weather.networkMs), () => {
      if (!life.alive) return
      const node = this.#offline.has(device) ? undefined : dice.pick(this.#options.nodes())
      if (node === undefined || closed) {
        handlers.closed(noNetwork)
        return
      }
      wiring = new Wiring({
        ...this.#options,
        device,
        life,
        node,
        handlers,
        ended: ended => this.#sockets.delete(ended),
      })
      this.#sockets.add(wiring)
      handlers.opened()
    })
    return {
      send: text => {
        if (life.alive) wiring?.send(text)
      },
      close: () => {
        closed = true
        if (life.alive) wiring?.closeFromClient()
      },
    }
  }

  async #request<Name extends OperationName>(
    operation: Name,
    request: { device: string; life: Life; data: OperationInput<Name>; token: string | null },
  ): Promise<HttpReply<Name>> {
    const { scheduler, dice, weather } = this.#options
    const { device, life, data, token } = request
    if (!life.alive) return never()
    const lost = dice.chance(weather.requestLoss) ? dice.pick(['before', 'after'] as const) : null
    await scheduler.wait(dice.between(0.5, weather.networkMs))
    const node = this.#offline.has(device) ? undefined : dice.pick(this.#options.nodes())
    if (node === undefined || lost === 'before') return this.#failed(life)
    const perform = () => node.request(operation, data, token)
    // A refresh that comes again after two others is taken for a stolen token, by design.
    if (operation !== 'session.refresh' && dice.chance(weather.requestsTwice))
      void scheduler.wait(dice.between(0, 2_000)).then(perform)
    const timeout = scheduler.wait(requestTimeoutMs).then(() => null)
    const answer = await Promise.race([perform(), timeout])
    await scheduler.wait(dice.between(0.5, weather.networkMs))
    if (answer === null || lost === 'after' || !node.life.alive) return this.#failed(life)
    if (!life.alive) return never()
    return JSON.parse(JSON.stringify(answer)) as HttpReply<Name>
  }

  async #failed(life: Life): Promise<never> {
    await this.#options.scheduler.wait(this.#options.dice.between(1, 1_000))
    if (!life.alive) return never()
    throw new TypeError('fetch failed')
  }
}
