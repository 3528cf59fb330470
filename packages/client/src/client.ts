/** The client: sign-in and sign-out around an engine, and its calls under their own names. */
import {
  type AccountId,
  type Conversation,
  type ConversationId,
  type EventKind,
  type Grant,
  limits,
  type OperationInput,
  type OperationName,
  type OperationOutput,
} from '@recado/protocol'
import { Beat } from './beat.ts'
import type { Client, ClientOptions } from './client-api.ts'
import { ConnectionStates } from './connection-states.ts'
import type { EngineOptions } from './engine/core.ts'
import { EventListeners } from './engine/listeners.ts'
import { Handle } from './handle.ts'
import { NamedCalls, requireBody } from './named-calls.ts'
import type { Cancel, Ports, TabMessage } from './ports.ts'
import { refuse } from './problem-error.ts'
import { Calls, publicOperations } from './session/calls.ts'
import { databaseOf, SignedIn } from './session/signed-in.ts'
import { noSnapshot } from './signed-out.ts'
import type {
  ClientEventListener,
  ClientSnapshot,
  ConversationHandle,
  ForwardInput,
  MemberPage,
  MemberQuery,
  MessageChange,
  MessageSearchOptions,
  MessageSearchResult,
  SavedSession,
  SendInput,
  SettingsChange,
  SignInInput,
  SignOutOptions,
  SignOutOutcome,
  SignUpInput,
} from './types.ts'

/** How it begins and ends is serialised by this lock, so that two tabs do not open and delete the same cache at once. */
const sessionLock = 'recado-session'

const signOutPatienceMs = 3_000

export function createClient(ports: Ports, options: ClientOptions): Client {
  return new RecadoClient(ports, options)
}

class RecadoClient extends NamedCalls implements Client {
  readonly #ports: Ports
  readonly #options: ClientOptions
  readonly #engineOptions: EngineOptions
  readonly #beat: Beat
  readonly #calls: Calls
  readonly #connection: ConnectionStates
  readonly #listeners = new EventListeners(error => queueMicrotask(() => raise(error)))
  readonly #handles = new Map<ConversationId, Handle>()
  readonly #stopTabs: Cancel
  #signedIn: SignedIn | null = null
  #snapshot: ClientSnapshot | null = null

  constructor(ports: Ports, options: ClientOptions) {
    super()
    this.#ports = ports
    this.#options = options
    this.#engineOptions = {
      windowMessages: options.windowMessages ?? 600,
      cachedMessages: options.cachedMessages ?? 100_000,
      eventsPerPage: options.eventsPerPage ?? limits.eventsPageSize,
      receipts: options.receipts ?? 'delivered',
    }
    this.#beat = new Beat(ports.schedule)
    this.#calls = new Calls(ports)
    this.#connection = new ConnectionStates(ports.clock)
    this.#stopTabs = ports.tabs?.listen(message => this.#heard(message)) ?? (() => undefined)
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#beat.listen(listener)

  readonly getSnapshot = (): ClientSnapshot => {
    this.#snapshot ??= {
      ...(this.#signedIn?.engine.snapshot() ?? noSnapshot),
      connection: this.#connection.current,
      storage: this.#signedIn?.storage ?? 'opening',
    }
    return this.#snapshot
  }

  conversation(id: ConversationId): ConversationHandle {
    const known = this.#handles.get(id)
    if (known) return known
    const handle = new Handle(id, this.#beat, () => this.#signedIn?.engine ?? null)
    this.#handles.set(id, handle)
    return handle
  }

  on<Kind extends EventKind>(kind: Kind, listener: ClientEventListener<Kind>): () => void {
    return this.#listeners.add(kind, listener)
  }

  async resumeSession(): Promise<boolean> {
    if (this.#signedIn) return true
    const saved = await this.#ports.sessions.load().catch(() => null)
    if (saved) await this.#begin(saved, null)
    else this.#over('none')
    return this.#signedIn !== null
  }

  async signUp(input: SignUpInput): Promise<void> {
    await this.#enter(await this.#calls.callPublic('account.create', { ...input, ...this.#device() }))
  }

  async signIn(input: SignInInput): Promise<void> {
    await this.#enter(await this.#calls.callPublic('session.create', { ...input, ...this.#device() }))
  }

  async signOut({ unsent }: SignOutOptions = { unsent: 'ask' }): Promise<SignOutOutcome> {
    const signedIn = this.#signedIn
    if (!signedIn) return { signedOut: true }
    const { waiting, refused } = signedIn.engine.snapshot().outbox
    if (unsent === 'ask' && waiting + refused > 0) return { signedOut: false, unsent: waiting + refused }
    await this.#endOnServer(signedIn)
    this.#signedIn = null
    await signedIn.erase()
    this.#over('signed-out')
    return { signedOut: true }
  }

  /** Best effort and not for long: away from the network one signs out of this device all the same. */
  async #endOnServer(signedIn: SignedIn): Promise<void> {
    const patience = new Promise<void>(resolve => this.#ports.clock.setTimer(signOutPatienceMs, resolve))
    const ended = this.#calls.call(signedIn, 'session.end', {}).catch(() => undefined)
    await Promise.race([ended, patience])
  }

  async send(input: SendInput): Promise<string> {
    requireBody(input.body)
    const entryId = this.#ports.random.id()
    await this.#live().engine.send(entryId, input)
    return entryId
  }

  async forward({ message, to }: ForwardInput): Promise<void> {
    if (message.body === null) throw refuse('message-deleted')
    for (const id of to) await this.#live().engine.forward(this.key(), id, message)
  }

  protected async change(conversationId: ConversationId, change: MessageChange): Promise<void> {
    await this.#live().engine.change(this.key(), conversationId, change)
  }

  async loadSaved(): Promise<void> {
    await this.#signedIn?.engine.saved.load()
  }

  async cancel(entryId: string): Promise<boolean> {
    return this.#live().engine.outbox.cancel(entryId)
  }

  async retry(entryId: string): Promise<void> {
    await this.#live().engine.outbox.retry(entryId)
  }

  async openDirect(accountId: AccountId): Promise<Conversation> {
    return this.#adopt(() => this.call('conversation.open', { accountId }))
  }

  async createGroup(name: string, accountIds: readonly AccountId[], description = ''): Promise<Conversation> {
    const described = description === '' ? {} : { description }
    const group = { name, ...described, accountIds: [...accountIds], key: this.key() }
    return this.#adopt(() => this.call('conversation.create', group))
  }

  async listMembers(conversationId: ConversationId, { query = '', next }: MemberQuery = {}): Promise<MemberPage> {
    const narrowed = { ...(query.trim() !== '' && { query }), ...(next !== undefined && { next }) }
    const page = await this.call('member.list', { conversationId, ...narrowed })
    this.#signedIn?.engine.people.learn(page.items.map(member => member.person))
    return page
  }

  async setReadReceipts(to: 'shown' | 'hidden'): Promise<void> {
    const account = await this.call('account.setPrivacy', { readReceipts: to === 'shown' })
    this.#signedIn?.engine.learnAccount(account)
  }

  async updateSettings(conversationId: ConversationId, change: SettingsChange): Promise<void> {
    await this.#live().engine.setSettings(conversationId, change)
  }

  async pin(conversationId: ConversationId, before: ConversationId | null): Promise<void> {
    await this.#live().engine.pin(conversationId, before)
  }

  async unpin(conversationId: ConversationId): Promise<void> {
    await this.#live().engine.unpin(conversationId)
  }

  async searchPeople(query: string) {
    const { items } = await this.call('people.search', { query })
    this.#signedIn?.engine.people.learn(items)
    return items
  }

  async searchMessages(query: string, options: MessageSearchOptions = {}): Promise<MessageSearchResult> {
    return this.#live().engine.search(query, options)
  }

  watchPresence(accountIds: readonly AccountId[]): () => void {
    return this.#signedIn?.engine.people.watch(accountIds) ?? (() => undefined)
  }

  setPresence(state: 'online' | 'away'): void {
    this.#signedIn?.engine.people.setOwn(state)
  }

  wantPeople(accountIds: readonly AccountId[]): void {
    this.#signedIn?.engine.people.want(accountIds)
  }

  async call<Name extends OperationName>(operation: Name, data: OperationInput<Name>): Promise<OperationOutput<Name>> {
    if (publicOperations.some(name => name === operation)) {
      throw refuse('invalid-input', { detail: 'Use signUp, signIn and resumeSession.' })
    }
    return this.#calls.call(this.#live(), operation, data)
  }

  wake(): void {
    this.#signedIn?.engine.wake()
  }

  async caughtUp(): Promise<void> {
    await this.#live().engine.whenCaughtUp()
  }

  async close(): Promise<void> {
    this.#stopTabs()
    const signedIn = this.#signedIn
    this.#signedIn = null
    await signedIn?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #enter(grant: Grant): Promise<void> {
    const before = this.#signedIn
    this.#signedIn = null
    await before?.erase()
    const { account, sessionId, refreshToken } = grant
    const saved = { account, sessionId, refreshToken }
    await this.#ports.sessions.save(saved).catch(() => undefined)
    await this.#begin(saved, grant)
    this.#ports.tabs?.post({ kind: 'signed-in' })
  }

  async #begin(saved: SavedSession, grant: Grant | null): Promise<void> {
    const { locks } = this.#ports
    await locks.exclusive(sessionLock, async () => {
      if (this.#signedIn) return
      const owner = { changed: (id?: ConversationId) => this.#changed(id), ended: () => this.#ended(saved) }
      const start = { ports: this.#ports, options: this.#engineOptions, listeners: this.#listeners, saved, owner }
      this.#signedIn = await SignedIn.begin(start, grant)
      for (const id of this.#beat.listened()) this.#signedIn.engine.open(id)
    })
    this.#changed()
  }

  #heard(message: TabMessage): void {
    const signedIn = this.#signedIn
    if (message.kind === 'signed-in') {
      if (!signedIn) void this.resumeSession()
    } else if (signedIn?.database === message.database) {
      if (message.kind === 'outbox-changed') void signedIn.engine.reload()
      else void signedIn.abandon().then(() => this.#ended(signedIn.saved, 'signed-out'))
    }
  }

  #ended(saved: SavedSession, reason: 'signed-out' | 'session-ended' = 'session-ended'): void {
    if (this.#signedIn && this.#signedIn.database !== databaseOf(saved)) return
    this.#signedIn = null
    this.#over(reason)
  }

  #over(reason: 'none' | 'signed-out' | 'session-ended'): void {
    this.#connection.signedOut(reason)
    this.#changed()
    for (const id of this.#beat.listened()) this.#beat.changed(id)
  }

  #changed(id?: ConversationId): void {
    this.#snapshot = null
    if (this.#signedIn) this.#connection.follow(this.#signedIn.engine.status, this.#signedIn.engine.caughtUp)
    this.#beat.changed(id)
  }

  async #adopt(call: () => Promise<Conversation>): Promise<Conversation> {
    const { engine } = this.#live()
    const { moment } = engine
    const conversation = await call()
    engine.adopt(conversation, moment)
    return conversation
  }

  #live(): SignedIn {
    if (!this.#signedIn) throw refuse('unauthenticated')
    return this.#signedIn
  }

  protected key(): string {
    return this.#ports.random.id()
  }

  #device() {
    const { device, refresh } = this.#options
    return { refresh, ...(device !== undefined && { device }) }
  }
}

function raise(error: unknown): never {
  throw error
}
