/** A script's way of reading `/v1/events`. */
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import type { PushFrame } from '@recado/protocol'
import type { Person, TestServer } from '@recado/testkit'

/** A reader that keeps `lastEventId` as the standard says: when a block is complete. */
export class EventReader implements Disposable {
  readonly frames: PushFrame[] = []
  lastEventId: string
  response: IncomingMessage | null = null
  ended = false
  readonly #request: ClientRequest
  #rest = ''
  #wake: () => void = () => undefined

  constructor(server: TestServer, person: Person, lastEventId = '') {
    this.lastEventId = lastEventId
    const headers = {
      authorization: `Bearer ${person.token}`,
      ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
    }
    this.#request = get(`${server.url}/v1/events`, { headers, agent: false }, response => {
      this.response = response
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => this.#read(chunk))
      response.on('error', () => undefined)
      response.on('close', () => {
        this.ended = true
        this.#wake()
      })
      this.#wake()
    })
    this.#request.on('error', () => undefined)
  }

  async until<Value>(condition: () => Value | false | undefined | null): Promise<Value> {
    for (;;) {
      const value = condition()
      if (value !== false && value !== undefined && value !== null) return value
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  /** The mark of everything that came with one. */
  async untilMarked(): Promise<string> {
    const before = this.lastEventId
    await this.until(() => this.lastEventId !== before)
    return this.lastEventId
  }

  sequences(stream: number): number[] {
    return this.frames.flatMap(frame =>
      frame.type === 'event' && frame.stream === stream ? [frame.event.sequence] : [],
    )
  }

  [Symbol.dispose](): void {
    this.#request.destroy()
  }

  #read(chunk: string): void {
    const blocks = (this.#rest + chunk).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const id = /^id: (.*)$/m.exec(block)?.[1]
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (id !== undefined) this.lastEventId = id
      if (data !== undefined) this.frames.push(JSON.parse(data))
    }
    this.#wake()
  }
}
