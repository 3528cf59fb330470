/**
 * WebSockets at `/v1/socket` (RFC 6455). `ws` speaks the protocol; frames are written to the TCP socket as prepared
 * bytes, those of one tick in one write.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type CloseReason, closeCodes, limits } from '@recado/protocol'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Connection, Wire } from '../../gateway/connection.ts'
import type { Frame } from '../../gateway/frame.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Dispatch } from '../dispatch.ts'
import { SocketSession } from './session.ts'

const socketPath = '/v1/socket'
/** A socket that does not answer our close frame is cut after this. */
const closeTimeoutMs = 2_000

const notFound = 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
const forbidden = 'HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

export interface SocketServerOptions {
  readonly server: Server
  readonly gateway: Gateway
  readonly dispatch: Dispatch
  /** Whether a request's `Origin` may open a socket (a missing one may). */
  mayOpen(request: IncomingMessage): boolean
  addressOf(request: IncomingMessage): string
}

interface Open {
  readonly socket: WebSocket
  readonly connection: Connection
  answered: boolean
}

export class SocketServer implements Disposable {
  readonly #options: SocketServerOptions
  readonly #open = new Set<Open>()
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.requestBytes,
  })
  readonly #heartbeat: NodeJS.Timeout

  constructor(options: SocketServerOptions) {
    this.#options = options
    options.server.on('upgrade', this.#upgrade)
    this.#heartbeat = setInterval(() => this.#beat(), limits.heartbeatMs)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#heartbeat)
    this.#options.server.off('upgrade', this.#upgrade)
    for (const { socket } of this.#open) socket.terminate()
  }

  readonly #upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const path = request.url?.split('?')[0]
    if (path !== socketPath) {
      // While developing, Vite listens for its own upgrades on the same server.
      if (this.#options.server.listenerCount('upgrade') === 1) stream.end(notFound)
      return
    }
    stream.on('error', () => stream.destroy())
    if (!this.#options.mayOpen(request)) {
      stream.end(forbidden)
      return
    }
    this.#sockets.handleUpgrade(request, stream, head, socket => this.#serve(socket, stream, request))
  }

  #serve(socket: WebSocket, stream: Duplex, request: IncomingMessage): void {
    const { gateway, dispatch } = this.#options
    let closedFor: CloseReason | undefined
    const wire: Wire = {
      get unsentBytes() {
        return stream.writableLength
      },
      get takenBytes() {
        return bytesWritten(stream) - stream.writableLength
      },
      send(frames) {
        if (socket.readyState === socket.OPEN) stream.write(join(frames))
      },
      close(reason) {
        closedFor ??= reason
        closeSocket(socket, reason)
      },
    }
    const connection = gateway.connect(wire)
    const open: Open = { socket, connection, answered: true }
    this.#open.add(open)
    const session = new SocketSession({
      connection,
      dispatch,
      address: this.#options.addressOf(request),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    })
    const resumeTimer = setTimeout(() => {
      if (connection.account === null) wire.close('resumeTimeout')
    }, limits.resumeWithinMs)
    socket.on('message', (data, isBinary) => {
      if (isBinary) wire.close('badFrame')
      else if (socket.readyState === socket.OPEN) session.receive(textOf(data))
    })
    socket.on('pong', () => {
      open.answered = true
    })
    // `ws` closes a socket that breaks the protocol by itself; the error tells nothing that its close code does not.
    socket.on('error', () => undefined)
    stream.on('drain', () => connection.drained())
    socket.on('close', () => {
      clearTimeout(resumeTimer)
      this.#open.delete(open)
      gateway.disconnect(connection, closedFor)
    })
  }

  #beat(): void {
    for (const open of this.#open) {
      if (!open.answered) open.socket.terminate()
      else {
        open.answered = false
        if (open.socket.readyState === open.socket.OPEN) open.socket.ping()
      }
    }
  }
}

function closeSocket(socket: WebSocket, reason: CloseReason): void {
  const { code, reason: text } = closeCodes[reason]
  socket.close(code, text)
  setTimeout(() => socket.terminate(), closeTimeoutMs).unref()
}

function join(frames: readonly Frame[]): Buffer {
  const [first] = frames
  return frames.length === 1 && first !== undefined ? first.bytes : Buffer.concat(frames.map(frame => frame.bytes))
}

function textOf(data: RawData): string {
  if (data instanceof ArrayBuffer) return Buffer.from(data).toString()
  return Array.isArray(data) ? Buffer.concat(data).toString() : data.toString()
}

function bytesWritten(stream: Duplex): number {
  return 'bytesWritten' in stream && typeof stream.bytesWritten === 'number' ? stream.bytesWritten : 0
}
