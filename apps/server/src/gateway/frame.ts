/**
 * A frame of the server, encoded once for all its receivers: as text for Server-Sent Events and tests, as the bytes of
 * one unmasked WebSocket text frame (RFC 6455, section 5.2) for sockets, which several of them may be written together.
 */
import type { EventFrame, PushFrame, ReplyFrame, StreamEvent, StreamId } from '@recado/protocol'

export class Frame {
  readonly type: PushFrame['type'] | ReplyFrame['type']
  /** The stream whose head stands for this frame if it cannot be sent; null for what is ephemeral or a reply. */
  readonly stream: StreamId | null
  readonly text: string
  #bytes: Buffer | null = null

  private constructor(type: Frame['type'], stream: StreamId | null, text: string) {
    this.type = type
    this.stream = stream
    this.text = text
  }

  static event(stream: StreamId, event: StreamEvent): Frame {
    const frame: EventFrame = { type: 'event', stream, event }
    return new Frame('event', stream, JSON.stringify(frame))
  }

  /** A register's frame: lost ones are made good by the version of the group, which is `stream`'s. */
  static register(stream: StreamId, value: PushFrame): Frame {
    return new Frame(value.type, stream, JSON.stringify(value))
  }

  static ephemeral(value: PushFrame): Frame {
    return new Frame(value.type, null, JSON.stringify(value))
  }

  static reply(value: ReplyFrame): Frame {
    return new Frame('reply', null, JSON.stringify(value))
  }

  get bytes(): Buffer {
    this.#bytes ??= encodeTextFrame(this.text)
    return this.#bytes
  }
}

function encodeTextFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const bytes = Buffer.allocUnsafe(headerLength + length)
  bytes[0] = 0x81
  if (headerLength === 2) bytes[1] = length
  else if (headerLength === 4) {
    bytes[1] = 126
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = 127
    bytes.writeBigUInt64BE(BigInt(length), 2)
  }
  bytes.write(text, headerLength)
  return bytes
}
