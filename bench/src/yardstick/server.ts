/**
 * The yardstick: what the chosen parts can do when nothing but them is asked for. A token check at the upgrade, JSON
 * requests `{id, op, data}`, a group-committed INSERT, an acknowledgement after the commit, and a fan-out whose frames
 * are encoded once and leave in one write per socket and batch. No memberships, keys, sequences, receipts, validation
 * beyond types: a client joins what it names.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type pg from 'pg'
import { WebSocket, WebSocketServer } from 'ws'
import { asciiFrame, FrameBuffer } from './frames.ts'
import { GroupCommit, type Insert } from './store.ts'
import { verifyToken } from './token.ts'

/** A socket that leaves so much unread is ended: buffers have a bound even here. */
const unsentBytes = 8 * 1024 * 1024

interface Connection {
  readonly accountId: number
  readonly socket: WebSocket
  readonly stream: Duplex
  rooms: Room[] | null
  /** What leaves in this batch's write: acknowledgements, then messages. */
  acks: string
  parts: Buffer | Buffer[] | null
}

type Room = Connection[]

interface Send extends Insert {
  readonly requestId: number
  readonly connection: Connection
}

export class Yardstick {
  readonly server: Server = createServer()
  readonly #secret: string
  readonly #store: GroupCommit<Send>
  readonly #rooms = new Map<number, Room>()
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: 256 * 1024,
  })

  constructor(parts: { secret: string; writer: pg.Client; reader: pg.Client; failed: (error: unknown) => void }) {
    this.#secret = parts.secret
    this.#store = new GroupCommit<Send>({ ...parts, committed: batch => this.#announce(batch) })
    this.server.on('upgrade', (request, stream, head) => this.#upgrade(request, stream, head))
  }

  prepare(): Promise<void> {
    return this.#store.prepare()
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const accountId = verifyToken(this.#secret, request.headers.authorization?.slice('Bearer '.length) ?? '')
    if (accountId === null) {
      stream.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
      return
    }
    this.#sockets.handleUpgrade(request, stream, head, socket => {
      const connection: Connection = { accountId, socket, stream, rooms: null, acks: '', parts: null }
      socket.on('message', data => this.#receive(connection, data as Buffer))
      socket.on('close', () => this.#leave(connection))
      socket.on('error', () => socket.terminate())
    })
  }

  #receive(connection: Connection, bytes: Buffer): void {
    const { id, op, data } = JSON.parse(bytes.toString())
    if (typeof id !== 'number' || typeof data?.conversation !== 'number') {
      connection.socket.close(4500)
    } else if (op === 'send' && typeof data.body === 'string' && !data.body.includes('\0')) {
      const { conversation, body } = data
      this.#store.add({ conversation, sender: connection.accountId, body, id: 0, requestId: id, connection })
    } else if (op === 'join') {
      this.#join(connection, data.conversation)
      connection.socket.send(`{"type":"reply","id":${id},"result":{}}`)
    } else if (op === 'page') {
      void this.#page(connection, id, data)
    } else {
      connection.socket.close(4500)
    }
  }

  async #page(connection: Connection, id: number, data: { conversation: number; after: number; limit: number }) {
    const items = await this.#store.readPage(data.conversation, data.after, Math.min(data.limit, 1_000))
    connection.socket.send(`{"type":"reply","id":${id},"result":${JSON.stringify({ items })}}`)
  }

  #join(connection: Connection, conversation: number): void {
    const room = this.#rooms.get(conversation) ?? []
    this.#rooms.set(conversation, room)
    room.push(connection)
    connection.rooms = [...(connection.rooms ?? []), room]
  }

  #leave(connection: Connection): void {
    for (const room of connection.rooms ?? []) room.splice(room.indexOf(connection), 1)
  }

  #announce(batch: readonly Send[]): void {
    const touched = new Set<Connection>()
    const byConversation = new Map<number, Send[]>()
    for (const send of batch) {
      send.connection.acks += asciiFrame(`{"type":"reply","id":${send.requestId},"result":{"id":${send.id}}}`)
      touched.add(send.connection)
      const sends = byConversation.get(send.conversation)
      if (sends) sends.push(send)
      else byConversation.set(send.conversation, [send])
    }
    for (const [conversation, sends] of byConversation) {
      const room = this.#rooms.get(conversation)
      if (room) deliver(room, sends, touched)
    }
    for (const connection of touched) flush(connection)
  }
}

/** Everybody in the room gets what others sent, as one slice where that is everything. */
function deliver(room: Room, sends: readonly Send[], touched: Set<Connection>): void {
  const payloads = sends.map(
    ({ conversation, id, sender, body }) =>
      `{"type":"event","stream":${conversation},"event":{"id":${id},"sender":${sender},"body":${JSON.stringify(body)}}}`,
  )
  const frames = new FrameBuffer(payloads)
  const ends = payloads.map(payload => {
    frames.add(payload)
    return frames.length
  })
  const everything = frames.slice(0, frames.length)
  const authors = new Set(sends.map(send => send.connection))
  for (const connection of room) {
    touched.add(connection)
    if (!authors.has(connection)) {
      append(connection, everything)
      continue
    }
    sends.forEach((send, index) => {
      if (send.connection === connection) return
      append(connection, frames.slice(index === 0 ? 0 : (ends[index - 1] ?? 0), ends[index] ?? 0))
    })
  }
}

function append(connection: Connection, part: Buffer): void {
  if (connection.parts === null) connection.parts = part
  else if (Array.isArray(connection.parts)) connection.parts.push(part)
  else connection.parts = [connection.parts, part]
}

function flush(connection: Connection): void {
  const { parts, acks, stream } = connection
  connection.parts = null
  connection.acks = ''
  if (connection.socket.readyState !== WebSocket.OPEN) return
  if (stream.writableLength > unsentBytes) {
    connection.socket.terminate()
    return
  }
  if (parts === null) {
    if (acks !== '') stream.write(acks, 'latin1')
    return
  }
  const messages = Array.isArray(parts) ? Buffer.concat(parts) : parts
  stream.write(acks === '' ? messages : Buffer.concat([Buffer.from(acks, 'latin1'), messages]))
}
