/** A client of the mail API as one in another language would be: plain requests, and sockets without an SDK. */
import { expect } from 'vitest'
import { WebSocket } from 'ws'

interface Served {
  readonly url: string
}

export interface RestAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  readonly body: any
}

export async function ask({ url }: Served, path: string, init: RequestInit = {}): Promise<RestAnswer> {
  const response = await fetch(url + path, { redirect: 'manual', ...init })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

export function json(body: unknown, method = 'POST'): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

export function form(fields: Readonly<Record<string, string>>): RequestInit {
  return { method: 'POST', body: new URLSearchParams(fields) }
}

export const password = 'segredo-123'
let users = 0

/** Somebody who signed up and in by this API. */
export class RestUser {
  readonly id: number
  readonly username: string
  readonly token: string
  readonly server: Served

  private constructor(server: Served, id: number, username: string, token: string) {
    this.server = server
    this.id = id
    this.username = username
    this.token = token
  }

  static async create(server: Served, name = `pessoa${++users}`): Promise<RestUser> {
    const { body } = await ask(server, '/users/', json({ username: name, password }))
    const token = await ask(server, '/token', form({ username: name, password }))
    return new RestUser(server, body.id, name, token.body.access_token)
  }

  ask(path: string, init: RequestInit = {}): Promise<RestAnswer> {
    return ask(this.server, path, { ...init, headers: { ...init.headers, authorization: `Bearer ${this.token}` } })
  }

  async send(recipient: RestUser, title = 'Olá', body = 'Tudo bem?') {
    return (await this.ask('/messages/', json({ recipient_id: recipient.id, title, body }))).body
  }

  async list(box: 'inbox' | 'outbox') {
    return (await this.ask(`/messages/${box}/`)).body
  }

  listen(server: Served = this.server): Promise<RestSocket> {
    return RestSocket.open(server, `/ws/?token=${this.token}`)
  }
}

export class RestSocket implements AsyncDisposable {
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  readonly frames: any[] = []
  readonly socket: WebSocket
  readonly #closed = Promise.withResolvers<number>()
  #changed = Promise.withResolvers<void>()

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data, isBinary) => {
      this.frames.push(isBinary ? data : JSON.parse(data.toString()))
      this.#changed.resolve()
      this.#changed = Promise.withResolvers()
    })
    socket.on('error', () => undefined)
    socket.on('close', code => this.#closed.resolve(code))
  }

  /** Once the handshake was accepted; rejects with the status if it was not. */
  static async open({ url }: Served, path: string, headers: Record<string, string> = {}): Promise<RestSocket> {
    const socket = new WebSocket(url.replace('http', 'ws') + path, { headers })
    const client = new RestSocket(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('unexpected-response', (_request, response) => {
        reject(new Error(`${response.statusCode} ${response.headers.location ?? ''}`.trim()))
        socket.terminate()
      })
      socket.once('error', reject)
    })
    return client
  }

  /** With all frames so far, once there are so many. */
  async until(count: number) {
    while (this.frames.length < count) await this.#changed.promise
    return this.frames
  }

  untilClosed(): Promise<number> {
    return this.#closed.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.close()
    await this.#closed.promise
  }
}

export function arrived(sender: RestUser, sent: { id: number; title: string; timestamp: string }, unread: number) {
  const { id, title, timestamp } = sent
  const message = { id, sender_id: sender.id, sender_username: sender.username, title, timestamp, unread_count: unread }
  return { event: 'new_message', message }
}

/** Frames come in sequence: what is not here before the next one does not come. */
export async function barrier(user: RestUser, sockets: readonly RestSocket[]): Promise<void> {
  const counts = sockets.map(socket => socket.frames.length)
  const sent = await user.send(user, 'barreira')
  await Promise.all(sockets.map((socket, index) => socket.until((counts[index] ?? 0) + 1)))
  for (const socket of sockets) expect(socket.frames.at(-1).message.id).toBe(sent.id)
  for (const socket of sockets) socket.frames.pop()
}
