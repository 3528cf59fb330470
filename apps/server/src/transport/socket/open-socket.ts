/**
 * One open WebSocket: the wire of its connection and the source of its session's requests. `ws` speaks the protocol;
 * frames are written to the TCP socket beneath as prepared bytes, those of one tick in one write. It keeps nothing of
 * the request that opened it, because there are thousands of these.
 */
import type { Duplex } from 'node:stream'
import { type CloseReason, closeCodes } from '@recado/protocol'
import type { RawData, WebSocket } from 'ws'
import type { Connection, Wire } from '../../gateway/connection.ts'
import type { Frame } from '../../gateway/frame.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Dispatch } from '../dispatch.ts'
import { SocketSession, type SocketSessionOptions } from './session.ts'

/** A socket that does not answer our close frame is cut after this. */
const closeTimeoutMs = 2_000

export interface OpenSocketOptions {
  readonly socket: WebSocket
  /** The TCP or TLS socket beneath. */
  readonly stream: Duplex
  readonly gateway: Gateway
  readonly dispatch: Dispatch
  readonly address: string
  onClosed(open: OpenSocket): void
}

/**
 * Where a socket and the stream beneath it keep whose they are: all of them then share their listeners, where closures
 * would cost each connection as much as its buffers do.
 */
const owner = Symbol('the open socket')
interface Owned {
  [owner]?: OpenSocket
}

export class OpenSocket implements Wire, SocketSessionOptions {
  readonly connection: Connection
  readonly dispatch: Dispatch
  readonly address: string
  readonly openedAt: number
  /** Whether the last heartbeat was answered. */
  answered = true
  readonly #socket: WebSocket
  readonly #stream: Duplex
  readonly #gateway: Gateway
  readonly #onClosed: OpenSocketOptions['onClosed']
  readonly #session: SocketSession
  #closedFor: CloseReason | undefined

  constructor({ socket, stream, gateway, dispatch, address, onClosed }: OpenSocketOptions) {
    this.#socket = socket
    this.#stream = stream
    this.#gateway = gateway
    this.#onClosed = onClosed
    this.dispatch = dispatch
    this.address = address
    this.openedAt = gateway.clock.now()
    this.connection = gateway.connect(this)
    this.#session = new SocketSession(this)
    const ownedSocket: WebSocket & Owned = socket
    const ownedStream: Duplex & Owned = stream
    ownedSocket[owner] = this
    ownedStream[owner] = this
    socket.on('message', heard)
    socket.on('pong', answered)
    // `ws` closes a socket that breaks the protocol by itself; the error tells nothing that its close code does not.
    socket.on('error', ignore)
    socket.on('close', closed)
    stream.on('drain', drained)
  }

  get unsentBytes(): number {
    return this.#stream.writableLength
  }

  get takenBytes(): number {
    return bytesWritten(this.#stream) - this.#stream.writableLength
  }

  send(frames: readonly Frame[]): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#stream.write(join(frames))
  }

  close(reason: CloseReason): void {
    this.#closedFor ??= reason
    const { code, reason: text } = closeCodes[reason]
    this.#socket.close(code, text)
    setTimeout(() => this.#socket.terminate(), closeTimeoutMs).unref()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Answers what is under way, then tells the peer to come back. */
  async drain(): Promise<void> {
    await this.#session.drain()
    this.connection.close('goingAway')
  }

  ping(): void {
    this.answered = false
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
  }

  terminate(): void {
    this.#socket.terminate()
  }

  /** From the socket. */
  receive(data: RawData, isBinary: boolean): void {
    if (isBinary) this.close('badFrame')
    else if (this.#socket.readyState === this.#socket.OPEN) this.#session.receive(textOf(data))
  }

  /** The socket is gone. */
  forget(): void {
    this.#session.abandon()
    this.#onClosed(this)
    this.#gateway.disconnect(this.connection, this.#closedFor)
  }
}

function heard(this: WebSocket & Owned, data: RawData, isBinary: boolean): void {
  this[owner]?.receive(data, isBinary)
}

function answered(this: WebSocket & Owned): void {
  const open = this[owner]
  if (open) open.answered = true
}

function closed(this: WebSocket & Owned): void {
  this[owner]?.forget()
}

function drained(this: Duplex & Owned): void {
  this[owner]?.connection.drained()
}

function ignore(): void {}

/** What the last write joined: the members of a group get the same frames one after another. */
let lastJoined: { readonly frames: readonly Frame[]; readonly bytes: Buffer } | null = null

function join(frames: readonly Frame[]): Buffer {
  const [first] = frames
  if (frames.length === 1 && first !== undefined) return first.bytes
  if (lastJoined?.frames.length !== frames.length || !frames.every((frame, i) => frame === lastJoined?.frames[i])) {
    lastJoined = { frames, bytes: Buffer.concat(frames.map(frame => frame.bytes)) }
  }
  return lastJoined.bytes
}

function textOf(data: RawData): string {
  if (data instanceof ArrayBuffer) return Buffer.from(data).toString()
  return Array.isArray(data) ? Buffer.concat(data).toString() : data.toString()
}

function bytesWritten(stream: Duplex): number {
  return 'bytesWritten' in stream && typeof stream.bytesWritten === 'number' ? stream.bytesWritten : 0
}
