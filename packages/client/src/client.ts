/** The client: sign-in and sign-out around an engine, and its calls under their own names. */
import {
  type AccountId,
  type Conversation,
  type ConversationId,
  type EventKind,
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
import type { MailClient } from './mail/mail-api.ts'
import { NamedCalls, requireBody } from './named-calls.ts'
import type { Ports } from './ports.ts'
import { refuse } from './problem-error.ts'
import { Calls, publicOperations } from './session/calls.ts'
import { SignIns } from './session/sign-ins.ts'
import type { SignedIn } from './session/signed-in.ts'
import { taken } from './session/taken.ts'
import { noSnapshot } from './signed-out.ts'
import type {
  ClientEventListener,
  ClientSnapshot,
  ConversationHandle,
  ForwardInput,
  KeptMessages,
  MemberPage,
  MemberQuery,
  MessageChange,
  MessageSearchOptions,
  MessageSearchResult,
  SendInput,
  SettingsChange,
  SignedOutReason,
  SignInInput,
  SignOutOptions,
  SignOutOutcome,
  SignUpInput,
} from './types.ts'

export function createClient(ports: Ports, options: ClientOptions): Client {
  return new RecadoClient(ports, options)
}

class RecadoClient extends NamedCalls implements Client {
  readonly #ports: Ports
  readonly #options: ClientOptions
  readonly #beat: Beat
  readonly #calls: Calls
  readonly #connection: ConnectionStates
  readonly #listeners = new EventListeners(error => queueMicrotask(() => raise(error)))
  readonly #handles = new Map<ConversationId, Handle>()
  readonly #signIns: SignIns
  #snapshot: ClientSnapshot | null = null
  #begun = 0

  constructor(ports: Ports, options: ClientOptions) {
    super()
    this.#ports = ports
    this.#options = options
    this.#beat = new Beat(ports.schedule)
    this.#calls = new Calls(ports)
    this.#connection = new ConnectionStates(ports.clock)
    this.#signIns = new SignIns({
      ports,
      options: engineOptions(options),
      listeners: this.#listeners,
      calls: this.#calls,
      owner: {
        changed: id => this.#changed(id),
        began: ({ engine }) => {
          this.#begun += 1
          for (const id of this.#beat.listened()) engine.open(id)
        },
        over: reason => this.#over(reason),
      },
    })
  }

  get #signedIn(): SignedIn | null {
    return this.#signIns.current
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#beat.listen(listener)

  readonly getSnapshot = (): ClientSnapshot => {
    this.#snapshot ??= {
      ...(this.#signedIn?.engine.snapshot() ?? noSnapshot),
      signIn: this.#begun,
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

  resumeSession(): Promise<boolean> {
    return this.#signIns.resume()
  }

  async signUp(input: SignUpInput): Promise<void> {
    await this.#signIns.enter(await this.#calls.callPublic('account.create', { ...input, ...this.#device() }))
  }

  async signIn(input: SignInInput): Promise<void> {
    await this.#signIns.enter(await this.#calls.callPublic('session.create', { ...input, ...this.#device() }))
  }

  signOut(options: SignOutOptions = { unsent: 'ask' }): Promise<SignOutOutcome> {
    return this.#signIns.signOut(options)
  }

  async send(input: SendInput): Promise<string> {
    requireBody(input.body, input.files?.length)
    const entryId = this.#ports.random.id()
    await taken(this.#live().engine.send(entryId, input))
    return entryId
  }

  async forward({ message, to }: ForwardInput): Promise<void> {
    if (message.body === null) throw refuse('message-deleted')
    for (const id of to) await taken(this.#live().engine.forward(this.key(), id, message))
  }

  protected async change(conversationId: ConversationId, change: MessageChange): Promise<void> {
    await taken(this.#live().engine.change(this.key(), conversationId, change))
  }

  async loadSaved(): Promise<void> {
    await this.#signedIn?.engine.saved.load()
  }

  async cancel(entryId: string): Promise<boolean> {
    return taken(this.#live().cancel(entryId))
  }

  async retry(entryId: string): Promise<void> {
    await taken(this.#live().retry(entryId))
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

  async countKept(): Promise<KeptMessages> {
    return this.#live().engine.kept.count()
  }

  async forgetMessages(): Promise<number> {
    return this.#live().engine.kept.forget()
  }

  async mail(): Promise<MailClient> {
    const signedIn = this.#live()
    return signedIn.engine.mail.open({
      schedule: this.#ports.schedule,
      cancel: entryId => taken(signedIn.cancel(entryId)),
      retry: entryId => taken(signedIn.retry(entryId)),
      typedLate: draft => signedIn.typedLate(draft),
    })
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

  close(): Promise<void> {
    return this.#signIns.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #over(reason: SignedOutReason): void {
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

function engineOptions(options: ClientOptions): EngineOptions {
  return {
    windowMessages: options.windowMessages ?? 600,
    cachedMessages: options.cachedMessages ?? 100_000,
    eventsPerPage: options.eventsPerPage ?? limits.eventsPageSize,
    receipts: options.receipts ?? 'delivered',
  }
}

function raise(error: unknown): never {
  throw error
}
