/**
 * The frames of the socket as Server-Sent Events, for scripts: the frame's type is the event's name, the node's mark its
 * id. A client that comes back with a mark gets what it missed before anything new (`gateway/replay.ts`); when that is too
 * much, one `behind` frame with the heads of all its streams.
 */
import type { ServerResponse } from 'node:http'
import { type CloseReason, closeCodes } from '@recado/protocol'
import type { Context } from '../../context.ts'
import type { Connection, Wire } from '../../gateway/connection.ts'
import { Frame } from '../../gateway/frame.ts'
import type { Attached } from '../../gateway/gateway.ts'
import { findMissed, readMissed } from '../../gateway/replay.ts'
import { Refusal } from '../../problem.ts'
import type { EventStream, OpenEventStream } from './events.ts'

const keepAliveMs = 15_000

export function createEventStreams(context: Context): OpenEventStream {
  return stream => {
    void new EventStreamSession(context, stream).run()
  }
}

class EventStreamSession {
  readonly #context: Context
  readonly #stream: EventStream
  readonly #response: ServerResponse
  readonly #connection: Connection
  #closedFor: CloseReason | undefined
  /** What arrives while missed events are still being sent. */
  #held: Frame[] | null = []
  #heldBytes = 0

  constructor(context: Context, stream: EventStream) {
    this.#context = context
    this.#stream = stream
    this.#response = stream.response
    this.#connection = context.gateway.connect(this.#wire())
  }

  async run(): Promise<void> {
    const { gateway, clock } = this.#context
    let cancel: () => void = () => undefined
    const keepAlive = () => {
      cancel = clock.setTimer(keepAliveMs, () => {
        this.#response.write(':\n\n')
        keepAlive()
      })
    }
    keepAlive()
    this.#response.on('drain', () => this.#connection.drained())
    this.#response.on('error', () => this.#response.destroy())
    this.#response.on('close', () => {
      cancel()
      gateway.disconnect(this.#connection, this.#closedFor)
    })
    try {
      const attached = await gateway.attach(this.#connection, this.#stream.claims)
      await this.#catchUp(attached)
      this.#release()
      gateway.sendMark(this.#connection, attached.mark)
    } catch (error) {
      if (!(error instanceof Refusal)) this.#context.logger.warn({ err: error }, 'an event stream could not be opened')
      const ended = error instanceof Refusal && error.problem.code === 'session-ended'
      this.#connection.close(ended ? 'sessionEnded' : 'unavailable')
    }
  }

  #wire(): Wire {
    const response = this.#response
    const heldBytes = () => this.#heldBytes
    return {
      get unsentBytes() {
        return response.writableLength + heldBytes()
      },
      get takenBytes() {
        return (response.socket?.bytesWritten ?? 0) - response.writableLength
      },
      send: frames => this.#send(frames),
      close: reason => {
        this.#closedFor ??= reason
        const { code, reason: text } = closeCodes[reason]
        response.end(`event: close\ndata: ${JSON.stringify({ code, reason: text })}\n\n`)
      },
    }
  }

  #send(frames: readonly Frame[]): void {
    if (this.#held !== null) {
      this.#held.push(...frames)
      for (const frame of frames) this.#heldBytes += frame.text.length
      return
    }
    const id = this.#context.gateway.mark()
    // Only the last carries the mark: it covers all of them, and the connection may be cut between two.
    const last = frames.length - 1
    const lines = frames.map(
      (frame, index) => `event: ${frame.type}\n${index === last ? `id: ${id}\n` : ''}data: ${frame.text}\n\n`,
    )
    this.#response.write(lines.join(''))
  }

  #release(): void {
    const held = this.#held ?? []
    this.#held = null
    this.#heldBytes = 0
    if (held.length > 0) this.#send(held)
    if (!this.#response.writableNeedDrain) this.#connection.drained()
  }

  async #catchUp(attached: Attached): Promise<void> {
    const { mark } = this.#stream
    if (mark === null) return
    const { store } = this.#context
    const missed = await findMissed(store, mark, attached)
    if (missed === null) {
      this.#write(Frame.ephemeral({ type: 'behind', streams: [...attached.heads] }))
      return
    }
    for await (const frame of readMissed(store, this.#stream.claims.accountId, missed)) {
      if (this.#connection.closed) return
      this.#write(frame)
      if (this.#response.writableNeedDrain) await this.#drained()
    }
  }

  /** What was missed carries no id: until it is all sent the client keeps the mark it came with. */
  #write(frame: Frame): void {
    this.#response.write(`event: ${frame.type}\ndata: ${frame.text}\n\n`)
  }

  #drained(): Promise<void> {
    return new Promise(resolve => {
      this.#response.once('drain', resolve)
      this.#response.once('close', resolve)
    })
  }
}
