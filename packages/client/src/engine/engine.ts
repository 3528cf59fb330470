/**
 * The sync engine of one sign-in: keeps this device in step with the server, whatever the network does (S1, S2).
 *
 * A state machine: it acts only on frames, timers, calls and storage that answers, all handed in, so a run is decided by
 * its inputs. Everything it knows is in memory; the cache follows behind in whole transactions, and what depends on
 * being stored (the mark, delivered positions) waits for that. It lives from `start` to `stop`, after which it never
 * writes again.
 */
import type {
  Account,
  ConversationId,
  Message,
  OperationInput,
  OperationName,
  OperationOutput,
  PushFrame,
  SessionId,
} from '@recado/protocol'
import { type Cache, CacheFullError, CacheGoneError } from '../cache/cache.ts'
import type { Change } from '../cache/changes.ts'
import { restore } from '../cache/restore.ts'
import { mailLane, type OutboxEntry, type QueuedContent } from '../cache/rows.ts'
import type { LazyMail } from '../mail/lazy-mail.ts'
import type { Ports } from '../ports.ts'
import { refuse } from '../problem-error.ts'
import type { MessageChange, MessageSearchOptions, MessageSearchResult, SendInput, SettingsChange } from '../types.ts'
import { assemble } from './assemble.ts'
import { Connection, type ConnectionStatus, type Resumed } from './connection.ts'
import type { Core, EngineOptions } from './core.ts'
import { Kept } from './kept.ts'
import type { EventListeners } from './listeners.ts'
import { Model } from './model.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { OpenConversation } from './open-conversation.ts'
import type { Outbox } from './outbox.ts'
import { isPrivate } from './outbox-requests.ts'
import type { Leftover } from './outbox-storage.ts'
import type { Parts } from './parts.ts'
import type { People } from './people.ts'
import { placePin } from './pin-places.ts'
import type { Outcome } from './requests.ts'
import { routeFrame } from './route-frame.ts'
import type { Saved } from './saved.ts'
import { type EngineSnapshot, Snapshots } from './snapshot.ts'
import { fillReplacement, noteStored, storeAnew, takeOver } from './storage.ts'
import { Writer } from './writer.ts'

export type FailedStorage = 'memory' | 'full'

export interface EngineOwner {
  accessToken(need: 'any' | 'fresh'): Promise<string>
  /** Listeners should look; of one opened conversation, or of the whole. */
  changed(conversationId?: ConversationId): void
  /** The outbox changed in storage that other tabs share. */
  outboxChanged(): void
  /** The server ended the session. The engine has stopped. */
  ended(): void
  /** What was kept of it was taken away. The engine has stopped. */
  cacheGone(): void
  /** Storage failed; all is kept in memory from now on. */
  storageFailed(how: FailedStorage): void
}

export interface EngineStart {
  readonly ports: Pick<Ports, 'transport' | 'clock' | 'random'>
  readonly options: EngineOptions
  readonly owner: EngineOwner
  readonly listeners: EventListeners
  readonly cache: Cache
  readonly account: Account
  readonly sessionId: SessionId
}

export class Engine {
  readonly #owner: EngineOwner
  readonly #model: Model
  readonly #connection: Connection
  readonly #writer: Writer
  readonly #parts: Parts
  readonly #snapshots: Snapshots
  readonly listeners: EventListeners
  readonly kept: Kept
  #state: 'running' | 'stopped' = 'running'

  constructor({ ports, options, owner, listeners, cache, account, sessionId }: EngineStart) {
    this.#owner = owner
    this.#model = new Model(account, sessionId)
    this.listeners = listeners
    this.#connection = new Connection(ports, this.#connectionOwner())
    this.#writer = new Writer(cache, options.cachedMessages, this.#writerOwner())
    const core: Core = {
      clock: ports.clock,
      random: ports.random,
      options,
      model: this.#model,
      writer: this.#writer,
      online: () => this.#connection.status.at === 'online',
      send: (operation, data, settle) => this.#connection.send(operation, data, settle),
      // Whoever sends no file never loads it.
      upload: async work => (await import('./upload.ts')).upload(ports, need => owner.accessToken(need), work),
      changed: id => this.#changed(id),
      guard: work => this.#guard(work),
    }
    this.kept = new Kept(core)
    this.#parts = assemble({
      core,
      outboxOwner: {
        outboxChanged: () => owner.outboxChanged(),
        itemsChanged: id => this.#outboxItemsChanged(id),
        appliedUpTo: row => this.#appliedUpTo(row),
        mailed: (entryId, mailId) => this.#parts.mail.part?.mailed(entryId, mailId),
      },
      emit: (stream, event) => this.listeners.emit({ stream, ...event }),
      reconnect: () => this.#connection.reconnect(),
      sessionEnded: () => this.#end(() => owner.ended()),
      sharedChanged: () => owner.outboxChanged(),
    })
    this.#snapshots = new Snapshots(this.#parts)
  }

  /** Shows what the cache remembers; resolves when it does. Connecting is a step of its own. */
  async load(): Promise<void> {
    const restored = await this.#writer.transact(restore)
    if (this.#state === 'stopped') return
    takeOver(this.#parts, restored)
    this.#parts.outbox.load(restored.outbox)
    this.#parts.settings.load(restored.wishes)
    this.#snapshots.changedAll()
    this.#owner.changed()
  }

  connect(): void {
    if (this.#state === 'running') this.#connection.start()
  }

  get status(): ConnectionStatus {
    return this.#connection.status
  }

  get caughtUp(): boolean {
    return this.#parts.sync.caughtUp
  }

  get outbox(): Outbox {
    return this.#parts.outbox
  }

  get people(): People {
    return this.#parts.people
  }

  snapshot(): EngineSnapshot {
    return this.#snapshots.build()
  }

  whenCaughtUp(): Promise<void> {
    return this.#parts.sync.whenCaughtUp()
  }

  wake(): void {
    this.#connection.wake()
  }

  reauthenticate(token: string): void {
    this.#connection.reauthenticate(token)
  }

  open(id: ConversationId): OpenConversation {
    return this.#parts.open.open(id)
  }

  /** The conversation if it is open. */
  opened(id: ConversationId): OpenConversation | undefined {
    return this.#parts.open.find(id)
  }

  close(id: ConversationId): void {
    this.#parts.open.close(id)
  }

  view(id: ConversationId) {
    return this.#snapshots.view(id)
  }

  markRead(id: ConversationId, sequence: number): void {
    const state = this.#model.conversations.get(id)
    if (!state) return
    this.#parts.conversations.markRead(state, sequence)
    const { lastMessage, me } = state.conversation
    if (sequence >= Math.min(me.read, lastMessage?.sequence ?? 0)) this.#parts.settings.looked(state)
  }

  setSettings(id: ConversationId, change: SettingsChange): Promise<void> {
    return this.#parts.settings.set(id, change)
  }

  async pin(id: ConversationId, before: ConversationId | null): Promise<void> {
    const { conversations } = this.#snapshots.build()
    const places = placePin(conversations, id, before)
    await Promise.all([...places].map(([place, pinned]) => this.#parts.settings.set(place, { pinned })))
  }

  async unpin(id: ConversationId): Promise<void> {
    await this.#parts.settings.set(id, { pinned: null })
  }

  /** Another tab changed what is on its way. */
  readonly reload = oneAtATime(async () => {
    const { mail, outbox, settings } = this.#parts
    await Promise.all([outbox.reload(), settings.reload(), mail.part?.reload()])
  })

  /** One's own account as a call returned it. */
  learnAccount(account: Account): void {
    this.#model.account = account
    this.#changed(undefined)
  }

  setTyping(id: ConversationId, state: 'typing' | 'idle'): void {
    this.#parts.typing.set(id, state)
  }

  async search(query: string, options: MessageSearchOptions): Promise<MessageSearchResult> {
    return this.#parts.search.find(query, options)
  }

  async send(entryId: string, { conversationId, body, replyTo, mentions, files }: SendInput): Promise<void> {
    await this.#queue(entryId, conversationId, {
      kind: 'send',
      body,
      replyTo: replyTo ?? null,
      mentions: mentions ?? [],
      ...(files?.length && { files: files.map(({ name, blob }) => ({ name, blob, mediaId: null })) }),
    })
    this.#parts.typing.sent(conversationId)
  }

  async forward(entryId: string, conversationId: ConversationId, message: Message): Promise<void> {
    const { sequence, authorId, forwardedFrom, body } = message
    const from = { conversationId: message.conversationId, sequence }
    const shown = { body: body ?? '', forwardedFrom: forwardedFrom ?? authorId }
    await this.#queue(entryId, conversationId, { kind: 'forward', from, ...shown })
  }

  async change(entryId: string, conversationId: ConversationId, change: MessageChange): Promise<void> {
    await this.#queue(entryId, conversationId, { kind: 'change', change })
  }

  async #queue(id: string, conversationId: ConversationId, what: QueuedContent): Promise<void> {
    const createdAt = new Date(this.#parts.core.clock.now()).toISOString()
    await this.#parts.outbox.add({ id, clientMessageId: id, conversationId, createdAt, ...what })
  }

  get mail(): LazyMail {
    return this.#parts.mail
  }

  get saved(): Saved {
    return this.#parts.saved
  }

  /** To be taken before a call that returns a conversation, and handed back with it. */
  get moment(): number {
    return this.#parts.conversations.moment
  }

  /** Takes in a conversation that a call begun at `moment` returned. */
  adopt(conversation: OperationOutput<'conversation.get'>, moment: number): void {
    if (this.#model.epoch !== null) this.#parts.conversations.adopt(conversation, moment)
  }

  /** Over the socket, if there is one. */
  request<Name extends OperationName>(operation: Name, data: OperationInput<Name>): Promise<Outcome<Name>> | null {
    const { promise, resolve } = Promise.withResolvers<Outcome<Name>>()
    return this.#connection.send(operation, data, resolve) ? promise : null
  }

  /** Ends everything and lets go of the cache. `keep`: what was added to it before is still stored. */
  async stop(how: 'keep' | 'abandon'): Promise<void> {
    this.#halt()
    if (how === 'keep') await this.#guard(this.#writer.flushed())
    await this.#writer.close()
  }

  /** What was not sent, after the end. */
  leftover(): Promise<Leftover> {
    return this.#parts.outbox.leftover()
  }

  #halt(): void {
    if (this.#state === 'stopped') return
    this.#connection.stop()
    this.#state = 'stopped'
    this.#parts.outbox.stop()
    this.#parts.people.stop()
    this.#parts.settings.stop()
    this.#parts.mail.stop()
    this.#parts.sync.stop(refuse('session-ended'))
  }

  #end(tell: () => void): void {
    if (this.#state === 'stopped') return
    this.#halt()
    this.#writer.stop()
    tell()
  }

  #connectionOwner() {
    return {
      accessToken: (need: 'any' | 'fresh') => this.#owner.accessToken(need),
      mark: () => this.#model.mark ?? undefined,
      resumed: (reply: Resumed) => this.#resumed(reply),
      frame: (frame: PushFrame) => routeFrame(this.#parts, frame),
      disconnected: () => this.#disconnected(),
      changed: () => this.#changed(undefined),
      sessionEnded: () => this.#end(() => this.#owner.ended()),
    }
  }

  #resumed(reply: Resumed): void {
    this.#parts.sync.resumed(reply)
    this.#parts.open.connected()
    this.#parts.saved.connected()
    this.#parts.mail.part?.connected()
    this.#snapshots.changedAll()
  }

  #disconnected(): void {
    const { conversations, jobs, mail, outbox, pages, people, receipts, settings, sync, typing } = this.#parts
    jobs.clear()
    mail.part?.disconnected()
    for (const part of [pages, sync, conversations, outbox, receipts, typing, people, settings]) part.disconnected()
  }

  #writerOwner() {
    return {
      stored: (changes: readonly Change[]) => noteStored(this.#parts, changes),
      stale: (id: ConversationId) => storeAnew(this.#parts, id),
      gone: () => this.#end(() => this.#owner.cacheGone()),
      failed: async (error: unknown, replacement: Cache) => {
        const lastPlace = await fillReplacement(this.#parts, replacement)
        this.#owner.storageFailed(error instanceof CacheFullError ? 'full' : 'memory')
        return lastPlace
      },
    }
  }

  #appliedUpTo(row: OutboxEntry): number {
    if (isPrivate(row)) return this.#model.own?.cursor.sequence ?? 0
    const state = this.#model.conversations.get(row.conversationId)
    return state?.membership === 'member' ? state.cursor.sequence : Number.POSITIVE_INFINITY
  }

  #outboxItemsChanged(id: ConversationId): void {
    const state = this.#model.conversations.get(id)
    const none = this.#parts.outbox.items.of(id)[Symbol.iterator]().next().done
    if (state?.membership === 'left' && none) this.#model.conversations.delete(id)
    this.#parts.saved.outboxChanged()
    if (id === mailLane) this.#parts.mail.part?.outboxChanged()
    this.#changed(id)
  }

  #changed(id: ConversationId | undefined): void {
    this.#snapshots.changed(id)
    if (id !== undefined) this.#parts.open.find(id)?.changed()
    this.#owner.changed(id)
  }

  async #guard<Result>(work: Promise<Result>): Promise<Result | undefined> {
    try {
      return await work
    } catch (error) {
      if (error instanceof CacheGoneError || this.#state === 'stopped') return undefined
      throw error
    }
  }
}
