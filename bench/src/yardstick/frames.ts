/** Server frames of RFC 6455, written whole into a buffer: encoded once, sent to as many sockets as want it. */

/** The head of an unmasked text frame takes at most this many bytes for payloads below 64 KiB. */
const headBytes = 4

/** A text frame of ASCII as a binary string, to be joined with others and turned into bytes together. */
export function asciiFrame(payload: string): string {
  if (payload.length < 126) return String.fromCharCode(0x81, payload.length) + payload
  return String.fromCharCode(0x81, 126, payload.length >> 8, payload.length & 255) + payload
}

/** Frames one after another in one buffer, so that any run of them is one write. */
export class FrameBuffer {
  readonly #bytes: Buffer
  #length = 0

  /** `payloads` bounds what will be added: UTF-8 takes at most three bytes for a UTF-16 unit. */
  constructor(payloads: readonly string[]) {
    this.#bytes = Buffer.allocUnsafe(payloads.reduce((sum, payload) => sum + payload.length * 3 + headBytes, 0))
  }

  get length(): number {
    return this.#length
  }

  add(payload: string): void {
    const bytes = this.#bytes
    const start = this.#length
    const size = bytes.write(payload, start + headBytes, 'utf8')
    if (size > 0xffff) throw new RangeError('the yardstick sends no frames above 64 KiB')
    bytes[start] = 0x81
    if (size < 126) {
      bytes[start + 1] = size
      bytes.copyWithin(start + 2, start + headBytes, start + headBytes + size)
      this.#length = start + 2 + size
      return
    }
    bytes[start + 1] = 126
    bytes.writeUInt16BE(size, start + 2)
    this.#length = start + headBytes + size
  }

  slice(start: number, end: number): Buffer {
    return this.#bytes.subarray(start, end)
  }
}
