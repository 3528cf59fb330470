/** `GET /ws/?token=`: every handshake is accepted; a token that is no good then ends what it opened. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type CloseReason, limits } from '@recado/protocol'
import { WebSocketServer } from 'ws'
import type { Context } from '../../context.ts'
import { Refusal } from '../../problem.ts'
import { requireToken } from './caller.ts'
import { MailSocket } from './mail-socket.ts'
import { DetailRefusal } from './refusals.ts'
import { Teller } from './told.ts'

const canonicalPath = '/ws/'
/** Nobody says anything here. */
const maxPayloadBytes = 64 * 1024

export class MailSocketServer implements AsyncDisposable {
  readonly #context: Context
  readonly #teller: Teller
  readonly #open = new Set<MailSocket>()
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxPayloadBytes,
  })
  readonly #heartbeat: NodeJS.Timeout
  #allClosed: PromiseWithResolvers<void> | null = null

  constructor(context: Context) {
    this.#context = context
    this.#teller = new Teller(context.store.accounts)
    this.#heartbeat = setInterval(() => {
      for (const open of this.#open) open.beat()
    }, limits.heartbeatMs)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heartbeat)
    this.#allClosed = Promise.withResolvers()
    if (this.#open.size === 0) this.#allClosed.resolve()
    for (const open of this.#open) open.end('goingAway')
    await this.#allClosed.promise
  }

  /** The path without its slash leads to the one with it, as everywhere in this API. */
  redirectOf(request: IncomingMessage): string | null {
    const [path, query] = (request.url ?? '').split(/\?(.*)/s)
    if (path !== canonicalPath.slice(0, -1)) return null
    return query === undefined ? canonicalPath : `${canonicalPath}?${query}`
  }

  takes(request: IncomingMessage): boolean {
    return request.url?.split('?', 1)[0] === canonicalPath
  }

  async upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const token = URL.parse(request.url ?? '', 'http://localhost')?.searchParams.get('token') ?? ''
    const context = this.#context
    const onClosed = (closed: MailSocket) => {
      this.#open.delete(closed)
      if (this.#open.size === 0) this.#allClosed?.resolve()
    }
    const open = new MailSocket({ stream, context, teller: this.#teller, onClosed })
    this.#open.add(open)
    const reason = await this.#attach(open, token)
    if (reason !== null) open.end(reason)
    if (!stream.destroyed) this.#sockets.handleUpgrade(request, stream, head, socket => open.accept(socket))
  }

  /** Why it may not listen; null if it does. */
  async #attach(open: MailSocket, token: string): Promise<CloseReason | null> {
    try {
      await open.attach(await requireToken(token, this.#context))
      return null
    } catch (error) {
      if (error instanceof DetailRefusal) return 'unauthenticated'
      if (error instanceof Refusal && error.problem.status === 401) return 'unauthenticated'
      this.#context.logger.warn({ err: error }, 'a socket of the mail API could not be attached')
      return 'unavailable'
    }
  }
}
