/** The side lane's wide transaction over the model: every method is one statement on its way to the database and back. */
import type { AccountId, ConversationId, Role, StreamId } from '@recado/protocol'
import type { AccountWrites } from '@recado/server/store/accounts.ts'
import type { BellWrites, ChangedBell } from '@recado/server/store/bell.ts'
import type { DraftWrites } from '@recado/server/store/drafts.ts'
import type { ChangedMail, MailWrites } from '@recado/server/store/mail.ts'
import type { MarkWrites } from '@recado/server/store/marks.ts'
import type { MediaWrites } from '@recado/server/store/media.ts'
import type { ChangedPositions, ChangedRegisters } from '@recado/server/store/registers.ts'
import type { SettingsWrites } from '@recado/server/store/settings.ts'
import type { ConversationRow, MembershipRow, MovedStream } from '@recado/server/store/store.ts'
import type { TailWrites } from '@recado/server/store/tail.ts'
import type { ConversationChange, NewEvent, Transaction } from '@recado/server/store/transaction.ts'
import { type Call, createAccountWrites } from './accounts.ts'
import { clearLines, ringBell } from './bell.ts'
import { presentMembership } from './conversations.ts'
import type { ModelTransaction } from './database.ts'
import { createDraftWrites } from './drafts.ts'
import { createMailWrites } from './mail-writes.ts'
import { createMarkWrites } from './marks.ts'
import { createMediaWrites } from './media.ts'
import { receiptsOf } from './registers.ts'
import { createSettingsWrites } from './settings.ts'
import {
  appendEvent,
  findByKey,
  lockRegisters,
  lockStreams,
  movedStreams,
  registersOf,
  requireHead,
} from './streams.ts'
import { createTailWrites } from './tail.ts'

export class SideTransaction implements Transaction {
  readonly accounts: AccountWrites
  readonly bell: BellWrites
  readonly tail: TailWrites
  readonly settings: SettingsWrites
  readonly marks: MarkWrites
  readonly mail: MailWrites
  readonly drafts: DraftWrites
  readonly media: MediaWrites
  readonly micros: number
  readonly #rows: ModelTransaction
  readonly #call: Call
  readonly #locked = new Set<StreamId>()
  readonly #positions: ChangedPositions[] = []
  readonly #bells: ChangedBell[] = []
  readonly #mails: ChangedMail[] = []

  constructor(rows: ModelTransaction, call: Call) {
    this.#rows = rows
    this.#call = call
    this.micros = rows.database.micros()
    this.accounts = createAccountWrites(rows, call)
    this.bell = this.#bellWrites()
    this.tail = createTailWrites(rows, call)
    this.settings = createSettingsWrites(rows, call)
    this.marks = createMarkWrites(rows, call, this.micros)
    this.media = createMediaWrites(rows, call)
    this.drafts = createDraftWrites(rows, call, this.micros)
    this.mail = createMailWrites({
      rows,
      call,
      micros: this.micros,
      changed: this.#mails,
      insertConversation: memberCount =>
        this.#insertConversation({ kind: 'mail', name: null, description: null, memberCount }),
    })
  }

  /** What the transaction will have changed when it is committed. */
  changes(): { readonly streams: readonly MovedStream[]; readonly changed: ChangedRegisters } {
    return {
      streams: movedStreams(this.#rows, [...this.#locked]),
      changed: { positions: this.#positions, bells: this.#bells, mails: this.#mails },
    }
  }

  async lockStreams(conversations: readonly ConversationId[], accounts: readonly AccountId[]): Promise<void> {
    await this.#call(() => undefined)
    for (const streams of [conversations, accounts]) {
      await lockStreams(this.#rows, streams)
      for (const stream of streams) if (this.#rows.get('heads', stream) !== undefined) this.#locked.add(stream)
    }
  }

  findByKey(stream: StreamId, actorId: AccountId, key: string) {
    return this.#call(() => {
      const row = findByKey(this.#rows, stream, actorId, key)
      return row === undefined ? null : { sequence: row.sequence, target: row.target, fingerprint: row.fingerprint }
    })
  }

  appendEvents(events: readonly NewEvent[]) {
    return this.#call(() => events.map(event => this.#append(event)))
  }

  #append({ stream, kind, actorId, target, version, key, fingerprint }: NewEvent): number {
    if (!this.#locked.has(stream)) throw new Error('an event was appended to a stream that is not locked')
    const event = {
      stream,
      kind,
      actorId,
      target: target ?? null,
      version: version ?? null,
      key: key ?? null,
      fingerprint: fingerprint ?? null,
    }
    return appendEvent(this.#rows, event, this.micros).sequence
  }

  insertHeads(stream: StreamId) {
    return this.#call(() => this.#insertHeads(stream))
  }

  #insertHeads(stream: StreamId): void {
    this.#rows.insert('heads', { stream, sequence: 0, ordinal: 0, messageSequence: 0, micros: 0 })
    this.#rows.insert('registerHeads', { group: stream, version: 0 })
    this.#locked.add(stream)
  }

  insertConversation(row: {
    kind: 'direct' | 'group'
    name: string | null
    description: string | null
    memberCount: number
  }) {
    return this.#call(() => this.#insertConversation(row))
  }

  #insertConversation(row: Pick<ConversationRow, 'kind' | 'name' | 'description' | 'memberCount'>): ConversationId {
    const id = this.#rows.database.nextNumber('streams') as ConversationId
    const mailFrom = 'members' as const
    this.#rows.insert('conversations', { ...row, mailFrom, id, version: 1, createdMicros: this.micros })
    this.#insertHeads(id)
    return id
  }

  async lockDirect(one: AccountId, other: AccountId): Promise<ConversationId | null> {
    await this.#call(() => undefined)
    const [low, high] = inOrder(one, other)
    await this.#rows.lock(`direct ${low} ${high}`)
    return this.#rows.get('directs', low, high)?.conversationId ?? null
  }

  insertDirect(one: AccountId, other: AccountId, conversationId: ConversationId) {
    const [low, high] = inOrder(one, other)
    return this.#call(() => this.#rows.insert('directs', { low, high, conversationId }))
  }

  findConversation(id: ConversationId) {
    return this.#call(() => this.#rows.get('conversations', id) ?? null)
  }

  updateConversation(id: ConversationId, change: ConversationChange) {
    return this.#call(() => {
      const row = this.#rows.get('conversations', id)
      if (row === undefined) return 0
      this.#rows.put('conversations', { ...row, ...change, version: row.version + 1 })
      return row.version + 1
    })
  }

  findMemberships(id: ConversationId, accounts: readonly AccountId[]) {
    return this.#call(() =>
      this.#members(id)
        .filter(row => accounts.includes(row.accountId))
        .sort((a, b) => a.accountId - b.accountId)
        .map(presentMembership),
    )
  }

  findSuccessor(id: ConversationId, leaving: AccountId) {
    return this.#call(() => {
      const rest = this.#members(id).filter(row => row.accountId !== leaving)
      const admins = rest.filter(row => row.role === 'admin')
      const [first] = (admins.length > 0 ? admins : rest).sort(
        (a, b) => a.joinedSequence - b.joinedSequence || a.accountId - b.accountId,
      )
      return first?.accountId ?? null
    })
  }

  countOwners(id: ConversationId) {
    return this.#call(() => this.#members(id).filter(row => row.role === 'owner').length)
  }

  countConversations(accounts: readonly AccountId[]) {
    return this.#call(() => {
      const rows = this.#rows.find('memberships', row => accounts.includes(row.accountId))
      return new Map([...Map.groupBy(rows, row => row.accountId)].map(([id, group]) => [id, group.length]))
    })
  }

  async insertMemberships(
    rows: readonly (MembershipRow & {
      readonly joinedSequence: number
      readonly read: number
      readonly readOrdinal: number
    })[],
  ): Promise<void> {
    await this.#call(() => undefined)
    await lockRegisters(
      this.#rows,
      rows.map(row => row.conversationId),
    )
    for (const [conversationId, group] of Map.groupBy(rows, row => row.conversationId)) {
      const version = registersOf(this.#rows, conversationId) + 1
      this.#rows.put('registerHeads', { group: conversationId, version })
      for (const { accountId, role, visibleFrom, joinedSequence, read, readOrdinal } of group) {
        const joinedMicros = this.micros
        this.#rows.insert('memberships', { conversationId, accountId, role, visibleFrom, joinedSequence, joinedMicros })
        const position = { delivered: read, read, readOrdinal, version, shownVersion: version }
        this.#rows.insert('positions', { conversationId, accountId, ...position })
        this.#rows.insert('sent', { conversationId, accountId, sequence: 0, ordinal: 0 })
      }
      const items = group.map(({ accountId, read }) => ({
        accountId,
        delivered: read,
        read,
        readReceipts: receiptsOf(this.#rows, accountId),
        deliveredMoved: true,
      }))
      this.#positions.push({ conversationId, version, items })
    }
  }

  deleteMembership(id: ConversationId, accountId: AccountId) {
    return this.#call(() => {
      for (const table of ['memberships', 'positions', 'sent', 'settings'] as const) {
        const row = this.#rows.get(table, id, accountId)
        if (row !== undefined) this.#rows.delete(table, row as never)
      }
    })
  }

  updateRole(id: ConversationId, accountId: AccountId, role: Role) {
    return this.#call(() => {
      const row = this.#rows.get('memberships', id, accountId)
      if (row !== undefined) this.#rows.put('memberships', { ...row, role })
    })
  }

  updateMemberCount(id: ConversationId, difference: number) {
    return this.#call(() => {
      const row = this.#rows.get('conversations', id)
      if (row === undefined) return 0
      this.#rows.put('conversations', { ...row, memberCount: row.memberCount + difference })
      return row.memberCount + difference
    })
  }

  headOf(stream: StreamId) {
    return this.#call(() => {
      if (!this.#locked.has(stream)) throw new Error('the head of a stream that is not locked was asked for')
      const { sequence, ordinal } = requireHead(this.#rows, stream)
      return { sequence, ordinal }
    })
  }

  existingAccounts(accounts: readonly AccountId[]) {
    return this.#call(() =>
      this.#rows
        .find('accounts', row => accounts.includes(row.id))
        .map(row => row.id)
        .sort((a, b) => a - b),
    )
  }

  #bellWrites(): BellWrites {
    return {
      ring: async candidates => {
        await this.#call(() => undefined)
        this.#bells.push(...(await ringBell(this.#rows, candidates)))
      },
      clear: async (accountId, conversationId) => {
        await this.#call(() => undefined)
        // Also where no line is open yet: one that is being written is waited for.
        await lockRegisters(this.#rows, [accountId])
        const cleared = await clearLines(
          this.#rows,
          line => line.accountId === accountId && (conversationId === null || line.conversationId === conversationId),
        )
        this.#bells.push(...cleared)
      },
    }
  }

  #members(id: ConversationId) {
    return this.#rows.find('memberships', row => row.conversationId === id)
  }
}

function inOrder(one: AccountId, other: AccountId): [AccountId, AccountId] {
  return one < other ? [one, other] : [other, one]
}
