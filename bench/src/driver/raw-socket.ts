/**
 * A WebSocket client with nothing in it: the driver shares the machine with the servers it measures, so every
 * microsecond it spends is missing there. All sockets read into one buffer; a frame is handed out as a range of bytes
 * that is valid during the call only.
 *
 * Frames are masked with the key zero, which RFC 6455 forbids to real clients; servers do the same work for it. Frames
 * in several parts, which neither server sends, are refused.
 */
import { connect, type Socket } from 'node:net'

export interface SocketHandlers {
  /** A text frame's payload: `bytes[start, end)`, only until it returns. */
  receive(bytes: Buffer, start: number, end: number): void
  /** After all frames of one read. */
  received(): void
  closed(reason: string): void
}

export interface SocketAddress {
  readonly port: number
  readonly path: string
  /** Further lines of the upgrade request, each ending in CR LF. */
  readonly headers: string
}

const opcodes = { text: 1, close: 8, ping: 9 }

/** For all sockets of a process: what a read brings is consumed before the next read starts. */
export function createReadBuffer(): Buffer {
  return Buffer.allocUnsafe(512 * 1024)
}

/** A masked text frame of ASCII, as a binary string: several join into one write. */
export function requestFrame(payload: string): string {
  const mask = '\0\0\0\0'
  if (payload.length < 126) return String.fromCharCode(0x81, 0x80 | payload.length) + mask + payload
  return String.fromCharCode(0x81, 0xfe, payload.length >> 8, payload.length & 255) + mask + payload
}

export class RawSocket {
  readonly #socket: Socket
  readonly #handlers: SocketHandlers
  readonly #opened = Promise.withResolvers<void>()
  #open = false
  /** The beginning of a frame whose rest has not come, and how long that frame is as far as known. */
  #rest: Buffer[] = []
  #restLength = 0
  #needed = 0

  constructor(address: SocketAddress, buffer: Buffer, handlers: SocketHandlers) {
    this.#handlers = handlers
    this.#socket = connect({
      port: address.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer,
        callback: size => {
          this.#read(buffer, size)
          return true
        },
      },
    })
    this.#socket.on('error', error => this.#close(error.message))
    this.#socket.on('close', () => this.#close('connection lost'))
    this.#socket.write(
      `GET ${address.path} HTTP/1.1\r\nHost: 127.0.0.1:${address.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${address.headers}\r\n`,
    )
  }

  get opened(): Promise<void> {
    return this.#opened.promise
  }

  /** Frames made by `requestFrame`. */
  write(frames: string): void {
    this.#socket.write(frames, 'latin1')
  }

  /** Leaves by reset, so that thousands of closed sockets keep no ports in TIME_WAIT. */
  destroy(): void {
    this.#socket.removeAllListeners('close')
    this.#socket.resetAndDestroy()
  }

  #close(reason: string): void {
    this.#opened.reject(new Error(reason))
    this.#handlers.closed(reason)
  }

  #read(buffer: Buffer, size: number): void {
    if (this.#restLength === 0) {
      this.#consume(buffer, size)
    } else {
      this.#keep(buffer, 0, size)
      if (this.#restLength < this.#needed) return
      const whole = Buffer.concat(this.#rest)
      this.#rest = []
      this.#restLength = 0
      this.#consume(whole, whole.length)
    }
    if (this.#open) this.#handlers.received()
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    this.#rest.push(Buffer.from(bytes.subarray(start, end)))
    this.#restLength += end - start
  }

  #consume(bytes: Buffer, size: number): void {
    let offset = 0
    if (!this.#open) {
      const end = bytes.subarray(0, size).indexOf('\r\n\r\n')
      this.#needed = size + 1
      if (end < 0) {
        this.#keep(bytes, 0, size)
        return
      }
      const status = bytes.toString('latin1', 9, 12)
      if (status !== '101') {
        this.#socket.destroy(new Error(`upgrade refused with ${status}`))
        return
      }
      this.#open = true
      this.#opened.resolve()
      offset = end + 4
    }
    while (offset < size) {
      const available = size - offset
      const short = (bytes[offset + 1] ?? 0) & 127
      const head = short < 126 ? 2 : short === 126 ? 4 : 10
      if (available < head) {
        this.#needed = head
        this.#keep(bytes, offset, size)
        return
      }
      const length =
        short < 126 ? short : short === 126 ? bytes.readUInt16BE(offset + 2) : Number(bytes.readBigUInt64BE(offset + 2))
      if (available < head + length) {
        this.#needed = head + length
        this.#keep(bytes, offset, size)
        return
      }
      const start = offset + head
      offset = start + length
      this.#frame(bytes, start - head, start, offset)
    }
  }

  #frame(bytes: Buffer, head: number, start: number, end: number): void {
    const first = bytes[head] ?? 0
    if (first === (0x80 | opcodes.text)) {
      this.#handlers.receive(bytes, start, end)
    } else if (first === (0x80 | opcodes.ping)) {
      const payload = bytes.toString('latin1', start, end)
      this.write(`${String.fromCharCode(0x8a, 0x80 | payload.length)}\0\0\0\0${payload}`)
    } else if (first === (0x80 | opcodes.close)) {
      const code = end - start >= 2 ? bytes.readUInt16BE(start) : 1005
      this.#socket.destroy(new Error(`closed by the server with ${code}`))
    } else {
      this.#socket.destroy(new Error(`unexpected frame 0x${first.toString(16)}`))
    }
  }
}
