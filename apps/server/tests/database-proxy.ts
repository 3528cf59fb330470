/**
 * A wire between a server and its PostgreSQL that counts statements and cuts one where it hurts: `before` it reached the database, or
 * `after`, when it ran and only the answer is lost. What the server then knows is the same in both cases: nothing.
 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { TestDatabase } from '@recado/testkit'
import { StatementLog } from './statement-log.ts'

export type CutPlace = 'before' | 'after'

interface Cut {
  readonly pattern: string
  readonly place: CutPlace
  left: number
}

export class DatabaseProxy implements AsyncDisposable {
  /** The database's DATABASE_URL by way of this proxy. */
  readonly url: string
  /** How often a statement was cut. */
  cuts = 0
  /** Every statement that passed, in order. */
  readonly statements: string[] = []
  /** Hears every statement before it goes on to the database. */
  onStatement: (statement: string) => void = () => undefined
  #cut: Cut | null = null
  #away = false
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server, url: string) {
    this.#server = server
    this.url = url
  }

  static async listen({ address }: TestDatabase): Promise<DatabaseProxy> {
    if (address.kind !== 'parts') throw new Error('a test database is reached by its parts')
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { user, password, database, host } = address
    const url = `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
    const proxy = new DatabaseProxy(server, url)
    server.on('connection', client => {
      if (proxy.#away) {
        client.destroy()
        return
      }
      const upstream = host.startsWith('/')
        ? connect(`${host}/.s.PGSQL.${address.port}`)
        : connect({ host, port: address.port })
      proxy.#join(client, upstream)
    })
    return proxy
  }

  /** Cuts the next statements that hold this text. */
  cutNext(pattern: string, place: CutPlace, times = 1): void {
    this.#cut = { pattern, place, left: times }
  }

  /** The database is away: every connection ends and none is taken, until `heal`. */
  fail(): void {
    this.#away = true
    for (const socket of this.#sockets) socket.destroy()
  }

  heal(): void {
    this.#away = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#server.close(resolve))
  }

  #join(client: Socket, upstream: Socket): void {
    const drop = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket)
      socket.on('error', drop)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        drop()
      })
    }
    let answersLost = false
    const log = new StatementLog(statement => {
      this.statements.push(statement)
      this.onStatement(statement)
    })
    client.on('data', (chunk: Buffer) => {
      log.read(chunk)
      const place = this.#placeOf(chunk)
      if (place === 'before') drop()
      else upstream.write(chunk)
      if (place === 'after') answersLost = true
    })
    upstream.on('data', (chunk: Buffer) => {
      // It has answered, so it has run: that answer never arrives.
      if (answersLost) drop()
      else client.write(chunk)
    })
  }

  #placeOf(chunk: Buffer): CutPlace | null {
    const cut = this.#cut
    if (cut === null || cut.left === 0 || !chunk.includes(cut.pattern)) return null
    cut.left -= 1
    this.cuts += 1
    return cut.place
  }
}
