/**
 * One person with one device: the SDK's Node client behind a proxy of its own, and a ledger of everything that it was
 * promised and shown. The program may be killed and started again; its storage and its sign-in survive.
 */
import {
  type Client,
  type ConversationView,
  createMemoryCaches,
  createMemorySessions,
  createNodeClient,
} from '@recado/client'
import { type AccountId, type ConversationId, type EventKind, eventData } from '@recado/protocol'
import { FaultProxy } from '../fault-proxy.ts'
import { voidId } from './check-reader.ts'
import type { Change, Sending } from './evidence.ts'
import { Ledger } from './ledger.ts'
import { Life } from './life.ts'

const password = 'correct horse battery'
/** Less than a long run writes, so that storage has to be trimmed too. */
const cachedMessages = 20_000

export class Person implements AsyncDisposable {
  readonly name: string
  readonly ledger = new Ledger()
  readonly proxy: FaultProxy
  readonly caches = createMemoryCaches()
  readonly #sessions = createMemorySessions()
  #life: Life
  #client: Client
  #accountId: AccountId | null = null
  #sent = 0
  #callsUnderWay = 0

  private constructor(name: string, proxy: FaultProxy) {
    this.name = name
    this.proxy = proxy
    this.#life = this.#beginLife()
    this.#client = this.#createClient()
  }

  static async signUp(name: string, serverPort: number): Promise<Person> {
    const person = new Person(name, await FaultProxy.listen({ targetPort: serverPort }))
    try {
      await person.client.signUp({ username: name, displayName: name, password })
      person.#accountId = person.client.getSnapshot().me?.id ?? null
      await person.client.caughtUp()
    } catch (error) {
      await person[Symbol.asyncDispose]()
      throw error
    }
    return person
  }

  get client(): Client {
    return this.#client
  }

  get accountId(): AccountId {
    if (this.#accountId === null) throw new Error(`${this.name} has not signed up`)
    return this.#accountId
  }

  /** The name of this device's cache. */
  get database(): string {
    return this.#life.database
  }

  get isCaughtUp(): boolean {
    const { connection } = this.client.getSnapshot()
    return connection.state === 'online' && connection.caughtUp
  }

  get conversations(): readonly ConversationView[] {
    return this.client.getSnapshot().conversations.filter(view => view.membership === 'member')
  }

  view(id: number): ConversationView | undefined {
    return this.conversations.find(view => view.id === id)
  }

  get waiting(): number {
    return this.client.getSnapshot().outbox.waiting
  }

  /** Resolves once the client keeps it, or when the program is killed. */
  async send(conversationId: ConversationId): Promise<void> {
    const life = this.#life
    const body = `${this.name} ${++this.#sent} ${'.'.repeat(this.#sent % 60)}`
    const kept = this.client.send({ conversationId, body })
    const sending: Sending = { key: life.lastId, body, outcome: 'unknown' }
    this.ledger.page(conversationId).sendings.push(sending)
    const confirmed = kept.then(entryId => {
      if (entryId !== sending.key) throw new Error(`${this.name} cannot tell its messages apart`)
      sending.outcome = 'kept'
    })
    await Promise.race([confirmed, life.over])
  }

  /** Another change than a message, written down whether it was answered or not. A few at a time. */
  change(conversationId: ConversationId, change: Omit<Change, 'sequence'>, call: () => Promise<number | null>): void {
    if (this.#callsUnderWay >= 4) return
    const life = this.#life
    this.#callsUnderWay++
    const noted: Change = { ...change, sequence: null }
    this.ledger.page(conversationId).changes.push(noted)
    const answered = call().then(
      sequence => {
        noted.sequence = sequence
      },
      // Refused or unknown: whether it happened is for the checker to find.
      () => undefined,
    )
    void Promise.race([answered, life.over]).then(() => {
      if (life === this.#life) this.#callsUnderWay--
    })
  }

  markRead(conversationId: ConversationId, sequence: number): void {
    const page = this.ledger.page(conversationId)
    page.marked = Math.max(page.marked, sequence)
    this.client.conversation(conversationId).markRead(sequence)
  }

  /** The program dies now, with everything that was not stored. */
  kill(): void {
    this.#life.kill()
    this.proxy.reset()
  }

  async restart(): Promise<void> {
    this.#life = this.#beginLife()
    this.#client = this.#createClient()
    this.#callsUnderWay = 0
    if (!(await this.client.resumeSession())) throw new Error(`${this.name} lost its sign-in`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close()
    this.#life.kill()
    await this.proxy[Symbol.asyncDispose]()
  }

  #beginLife(): Life {
    return new Life({
      url: this.proxy.url,
      caches: this.caches,
      sessions: this.#sessions,
      acknowledged: (conversationId, acknowledgement) =>
        this.ledger.page(conversationId).acknowledgements.push(acknowledgement),
    })
  }

  #createClient(): Client {
    const client = createNodeClient({ url: this.proxy.url, ports: this.#life.ports, cachedMessages })
    const showings = new Map<number, { sequences: number[]; ids: number[] }>()
    const show = (stream: number, sequence: number, id: number) => {
      let showing = showings.get(stream)
      if (showing === undefined) {
        showing = { sequences: [], ids: [] }
        showings.set(stream, showing)
        this.ledger.page(stream).showings.push(showing)
      }
      showing.sequences.push(sequence)
      showing.ids.push(id)
    }
    for (const kind of Object.keys(eventData) as EventKind[]) {
      client.on(kind, event => {
        const id = 'message' in event.data && event.kind === 'message.created' ? event.data.message.id : 0
        show(event.stream, event.sequence, event.kind === 'void' ? voidId : id)
      })
    }
    return client
  }
}
