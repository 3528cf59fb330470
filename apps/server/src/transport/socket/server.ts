/** WebSockets at `/v1/socket` (RFC 6455): who may open one, heartbeats, and those that never sign in. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { limits } from '@recado/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Dispatch } from '../dispatch.ts'
import type { MailSocketServer } from '../rest/socket-server.ts'
import { OpenSocket } from './open-socket.ts'

const socketPath = '/v1/socket'
const sweepMs = 1_000
/** What is under way when the server stops is answered within this, or its sender asks the next server. */
const drainMs = 2_000

const nothingMore = 'Connection: close\r\nContent-Length: 0\r\n\r\n'
const notFound = `HTTP/1.1 404 Not Found\r\n${nothingMore}`
const unavailable = `HTTP/1.1 503 Service Unavailable\r\n${nothingMore}`
const forbidden = `HTTP/1.1 403 Forbidden\r\n${nothingMore}`

export interface SocketServerOptions {
  readonly server: Server
  readonly gateway: Gateway
  readonly dispatch: Dispatch
  /** Whether a request's `Origin` may open a socket (a missing one may). */
  mayOpen(request: IncomingMessage): boolean
  addressOf(request: IncomingMessage): string
  /** The other sockets of this server: those of the mail API. */
  readonly mailSockets: Pick<MailSocketServer, 'redirectOf' | 'takes' | 'upgrade'>
}

export class SocketServer implements AsyncDisposable {
  readonly #options: SocketServerOptions
  readonly #open = new Set<OpenSocket>()
  #allClosed: PromiseWithResolvers<void> | null = null
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.requestBytes,
  })
  readonly #heartbeat: NodeJS.Timeout
  readonly #sweeping: NodeJS.Timeout

  constructor(options: SocketServerOptions) {
    this.#options = options
    options.server.on('upgrade', this.#upgrade)
    this.#heartbeat = setInterval(() => this.#beat(), limits.heartbeatMs)
    this.#sweeping = setInterval(() => this.#sweep(), sweepMs)
  }

  /** Lets nobody new in, answers what is under way, and tells everybody to come back. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heartbeat)
    clearInterval(this.#sweeping)
    this.#options.server.off('upgrade', this.#upgrade)
    this.#options.server.on('upgrade', refuseUpgrade)
    const late = setTimeout(() => {
      for (const { connection } of this.#open) connection.close('goingAway')
    }, drainMs)
    this.#allClosed = Promise.withResolvers()
    if (this.#open.size === 0) this.#allClosed.resolve()
    for (const open of this.#open) void open.drain()
    await this.#allClosed.promise
    clearTimeout(late)
  }

  readonly #upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const { mailSockets } = this.#options
    const redirect = mailSockets.redirectOf(request)
    if (redirect !== null) {
      refuse(stream, `HTTP/1.1 307 Temporary Redirect\r\nLocation: ${redirect}\r\n${nothingMore}`)
      return
    }
    const isMail = mailSockets.takes(request)
    if (!isMail && request.url?.split('?')[0] !== socketPath) {
      // While developing, Vite listens for its own upgrades on the same server.
      if (this.#options.server.listenerCount('upgrade') === 1) refuse(stream, notFound)
      return
    }
    if (!this.#options.mayOpen(request)) {
      refuse(stream, forbidden)
      return
    }
    stream.on('error', destroyItself)
    if (isMail) {
      void mailSockets.upgrade(request, stream, head)
      return
    }
    const address = this.#options.addressOf(request)
    this.#sockets.handleUpgrade(request, stream, head, socket => this.#serve(socket, stream, address))
  }

  #serve(socket: WebSocket, stream: Duplex, address: string): void {
    const { gateway, dispatch } = this.#options
    const options = { socket, stream, gateway, dispatch, address, onClosed: this.#forget }
    this.#open.add(new OpenSocket(options))
  }

  readonly #forget = (open: OpenSocket): void => {
    this.#open.delete(open)
    if (this.#open.size === 0) this.#allClosed?.resolve()
  }

  #sweep(): void {
    const latest = this.#options.gateway.clock.now() - limits.resumeWithinMs
    for (const { connection, openedAt } of this.#open) {
      if (connection.account === null && openedAt <= latest) connection.close('resumeTimeout')
    }
  }

  #beat(): void {
    for (const open of this.#open) {
      if (open.answered) open.ping()
      else open.terminate()
    }
  }
}

function refuseUpgrade(_request: IncomingMessage, stream: Duplex): void {
  refuse(stream, unavailable)
}

/**
 * Node hands a stream over with an upgrade: nobody else listens to its errors or closes it, and a peer that never closes
 * its side would hold up the stop of the whole server.
 */
function refuse(stream: Duplex, answer: string): void {
  stream.on('error', destroyItself)
  stream.once('finish', destroyItself)
  stream.end(answer)
}

function destroyItself(this: Duplex): void {
  this.destroy()
}
