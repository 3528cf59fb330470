/**
 * A wide transaction of the side lane: plain statements on the writer's connection, one journal row at its end. The
 * heads it locked are kept here, so that events take their sequences without another read.
 */
import type { AccountId, ConversationId, Role, StreamId } from '@recado/protocol'
import type { Client } from 'pg'
import type { AccountWrites } from '../accounts.ts'
import type { BellWrites, ChangedBell } from '../bell.ts'
import type { DraftWrites } from '../drafts.ts'
import type { ChangedMail, MailWrites } from '../mail.ts'
import type { MarkWrites } from '../marks.ts'
import type { MediaWrites } from '../media.ts'
import type { ChangedPositions, ChangedRegisters, PositionRow } from '../registers.ts'
import type { SettingsWrites } from '../settings.ts'
import type { Attempt, Commit, ConversationRow, MembershipRow, MovedStream } from '../store.ts'
import type { TailWrites } from '../tail.ts'
import type { ConversationChange, KeyedEvent, NewEvent, Transaction } from '../transaction.ts'
import { createAccountWrites } from './accounts.ts'
import { createBellWrites } from './bell.ts'
import { conversationColumns } from './conversations.ts'
import { createDraftWrites } from './drafts.ts'
import { createMailWrites } from './mail-writes.ts'
import { createMarkWrites } from './marks.ts'
import { createMediaWrites } from './media.ts'
import { createSettingsWrites } from './settings.ts'
import { createTailWrites } from './tail.ts'

interface LockedHead {
  readonly before: number
  readonly ordinal: number
  sequence: number
}

export class SqlTransaction implements Transaction {
  readonly accounts: AccountWrites
  readonly bell: BellWrites
  readonly tail: TailWrites
  readonly settings: SettingsWrites
  readonly marks: MarkWrites
  readonly mail: MailWrites
  readonly drafts: DraftWrites
  readonly media: MediaWrites
  readonly #client: Client
  readonly #attempt: Attempt
  readonly #heads = new Map<StreamId, LockedHead>()
  readonly #positions: ChangedPositions[] = []
  readonly #bells: ChangedBell[] = []
  readonly #mails: ChangedMail[] = []
  #micros = 0

  constructor(client: Client, attempt: Attempt) {
    this.#client = client
    this.#attempt = attempt
    this.accounts = createAccountWrites(client)
    this.bell = createBellWrites(client, this.#bells)
    this.tail = createTailWrites(client)
    this.settings = createSettingsWrites(client)
    this.marks = createMarkWrites(client, () => this.#micros)
    this.media = createMediaWrites(client)
    this.drafts = createDraftWrites(client, () => this.#micros)
    this.mail = createMailWrites({
      client,
      micros: () => this.#micros,
      changed: this.#mails,
      adopt: stream => this.#heads.set(stream, { before: 0, sequence: 0, ordinal: 0 }),
      takeSequence: stream => this.#takeSequence(stream),
    })
  }

  get micros(): number {
    return this.#micros
  }

  async begin(): Promise<void> {
    await this.#client.query('begin')
    const { rows } = await this.#client.query<{ micros: number }>('select now_micros() as micros')
    this.#micros = rows[0]?.micros ?? 0
  }

  /** Writes the moved heads and the journal row. The caller commits. */
  async finish(): Promise<{ readonly commit: Commit | null; readonly changed: ChangedRegisters }> {
    const streams: MovedStream[] = []
    for (const [stream, head] of this.#heads) {
      if (head.sequence > head.before) streams.push({ stream, from: head.before, to: head.sequence })
    }
    const changed: ChangedRegisters = { positions: this.#positions, bells: this.#bells, mails: this.#mails }
    const registers = [
      ...this.#positions.map(group => ({ group: group.conversationId, version: group.version })),
      ...this.#bells.map(bell => ({ group: bell.accountId, version: bell.version })),
      ...this.#mails.map(mail => ({ group: mail.mailId, version: mail.version })),
    ]
    if (streams.length === 0 && registers.length === 0) return { commit: null, changed }
    await this.#client.query({
      name: 'finish_transaction',
      text: `with moved as (
         update heads h set sequence = m.sequence, micros = greatest(h.micros, $10)
           from unnest($4::bigint[], $6::bigint[]) as m(stream_id, sequence) where h.stream_id = m.stream_id)
       insert into commits (writer, number, incarnation, micros, streams, previous, sequences, groups, versions)
       values ($1, $2, $3, $9, $4, $5, $6, $7, $8)`,
      values: [
        this.#attempt.slot,
        this.#attempt.number,
        this.#attempt.incarnation,
        streams.map(moved => moved.stream),
        streams.map(moved => moved.from),
        streams.map(moved => moved.to),
        registers.map(moved => moved.group),
        registers.map(moved => moved.version),
        this.#micros,
        this.#micros,
      ],
    })
    return { commit: { writer: this.#attempt.slot, number: this.#attempt.number, streams, registers }, changed }
  }

  async lockStreams(conversations: readonly ConversationId[], accounts: readonly AccountId[]): Promise<void> {
    for (const streams of [conversations, accounts]) {
      if (streams.length === 0) continue
      const { rows } = await this.#client.query<{ stream_id: StreamId; sequence: number; ordinal: number }>({
        name: 'lock_streams',
        text: 'select stream_id, sequence, ordinal from heads where stream_id = any($1) order by stream_id for update',
        values: [streams],
      })
      for (const row of rows) {
        this.#heads.set(row.stream_id, { before: row.sequence, sequence: row.sequence, ordinal: row.ordinal })
      }
    }
  }

  async findByKey(stream: StreamId, actorId: AccountId, key: string): Promise<KeyedEvent | null> {
    const { rows } = await this.#client.query<KeyedEvent>({
      name: 'find_by_key',
      text: 'select sequence, target, fingerprint from stream_events where stream_id = $1 and actor_id = $2 and key = $3',
      values: [stream, actorId, key],
    })
    return rows[0] ?? null
  }

  async appendEvents(events: readonly NewEvent[]): Promise<readonly number[]> {
    if (events.length === 0) return []
    const sequences = events.map(event => this.#takeSequence(event.stream))
    await this.#client.query({
      name: 'append_events',
      text: `insert into events (stream_id, sequence, kind, actor_id, target, version, micros, key, fingerprint)
       select e.stream_id, e.sequence, e.kind, e.actor_id, e.target, e.version, greatest(h.micros, $9), e.key, e.fingerprint
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::integer[], $7::text[], $8::text[])
              as e(stream_id, sequence, kind, actor_id, target, version, key, fingerprint)
         join heads h on h.stream_id = e.stream_id`,
      values: [
        events.map(event => event.stream),
        sequences,
        events.map(event => event.kind),
        events.map(event => event.actorId),
        events.map(event => event.target ?? null),
        events.map(event => event.version ?? null),
        events.map(event => event.key ?? null),
        events.map(event => event.fingerprint ?? null),
        this.#micros,
      ],
    })
    return sequences
  }

  #takeSequence(stream: StreamId): number {
    const head = this.#heads.get(stream)
    if (head === undefined) throw new Error('an event was appended to a stream that is not locked')
    head.sequence += 1
    return head.sequence
  }

  async insertHeads(stream: StreamId): Promise<void> {
    await this.#client.query(
      'with registers as (insert into register_heads (group_id) values ($1)) insert into heads (stream_id) values ($1)',
      [stream],
    )
    this.#heads.set(stream, { before: 0, sequence: 0, ordinal: 0 })
  }

  async insertConversation(row: {
    kind: 'direct' | 'group'
    name: string | null
    description: string | null
    memberCount: number
  }): Promise<ConversationId> {
    const { rows } = await this.#client.query<{ id: ConversationId }>(
      `insert into conversations (kind, name, description, member_count, created_micros) values ($1, $2, $3, $4, $5)
       returning id`,
      [row.kind, row.name, row.description, row.memberCount, this.#micros],
    )
    const id = rows[0]?.id
    if (id === undefined) throw new Error('an insert gave no row')
    await this.insertHeads(id)
    return id
  }

  async lockDirect(one: AccountId, other: AccountId): Promise<ConversationId | null> {
    const pair = [Math.min(one, other), Math.max(one, other)]
    await this.#client.query("select pg_advisory_xact_lock(hashtextextended($1 || '-' || $2, 0))", pair.map(String))
    const { rows } = await this.#client.query<{ id: ConversationId }>(
      'select conversation_id as id from direct_conversations where low = $1 and high = $2',
      pair,
    )
    return rows[0]?.id ?? null
  }

  async insertDirect(one: AccountId, other: AccountId, conversationId: ConversationId): Promise<void> {
    await this.#client.query('insert into direct_conversations values ($1, $2, $3)', [
      Math.min(one, other),
      Math.max(one, other),
      conversationId,
    ])
  }

  async findConversation(id: ConversationId): Promise<ConversationRow | null> {
    const { rows } = await this.#client.query<ConversationRow>(
      `select ${conversationColumns} from conversations c where c.id = $1`,
      [id],
    )
    return rows[0] ?? null
  }

  async updateConversation(id: ConversationId, { name, description, mailFrom }: ConversationChange): Promise<number> {
    const { rows } = await this.#client.query<{ version: number }>(
      `update conversations set name = coalesce($2, name), description = case when $3 then $4 else description end,
              mail_from = coalesce($5, mail_from), version = version + 1 where id = $1 returning version`,
      [id, name ?? null, description !== undefined, description ?? null, mailFrom ?? null],
    )
    return rows[0]?.version ?? 0
  }

  async findMemberships(id: ConversationId, accounts: readonly AccountId[]): Promise<readonly MembershipRow[]> {
    const { rows } = await this.#client.query<MembershipRow>(
      `select conversation_id as "conversationId", account_id as "accountId", role, visible_from as "visibleFrom"
         from memberships where conversation_id = $1 and account_id = any($2) order by account_id`,
      [id, accounts],
    )
    return rows
  }

  async findSuccessor(id: ConversationId, leaving: AccountId): Promise<AccountId | null> {
    const { rows } = await this.#client.query<{ id: AccountId }>(
      `select account_id as id from memberships where conversation_id = $1 and account_id <> $2
        order by role = 'admin' desc, joined_sequence, account_id limit 1`,
      [id, leaving],
    )
    return rows[0]?.id ?? null
  }

  async countOwners(id: ConversationId): Promise<number> {
    const { rows } = await this.#client.query<{ count: number }>(
      "select count(*) as count from memberships where conversation_id = $1 and role = 'owner'",
      [id],
    )
    return rows[0]?.count ?? 0
  }

  async countConversations(accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, number>> {
    const { rows } = await this.#client.query<{ id: AccountId; count: number }>(
      'select account_id as id, count(*) as count from memberships where account_id = any($1) group by account_id',
      [accounts],
    )
    return new Map(rows.map(row => [row.id, row.count]))
  }

  async insertMemberships(
    rows: readonly (MembershipRow & { joinedSequence: number; read: number; readOrdinal: number })[],
  ): Promise<void> {
    const { rows: inserted } = await this.#client.query<PositionRow & { group: ConversationId; version: number }>(
      `with rows as (
         select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
           as r(conversation_id, account_id, role, visible_from, joined_sequence, read, read_ordinal)
       ), groups as (
         update register_heads h set version = h.version + 1
           from (select distinct conversation_id from rows) g where h.group_id = g.conversation_id
         returning h.group_id, h.version
       ), members as (
         insert into memberships (conversation_id, account_id, role, visible_from, joined_sequence, joined_micros)
         select conversation_id, account_id, role, visible_from, joined_sequence, $8 from rows
       ), own as (
         insert into own_positions (conversation_id, account_id) select conversation_id, account_id from rows
       )
       insert into positions (conversation_id, account_id, delivered, read, read_ordinal, version, shown_version)
       select r.conversation_id, r.account_id, r.read, r.read, r.read_ordinal, g.version, g.version
         from rows r join groups g on g.group_id = r.conversation_id
       returning conversation_id as "group", account_id as "accountId", delivered, read, version,
                 (select case when a.read_receipts then 'shown' else 'hidden' end from accounts a
                   where a.id = account_id) as "readReceipts"`,
      [
        rows.map(row => row.conversationId),
        rows.map(row => row.accountId),
        rows.map(row => row.role),
        rows.map(row => row.visibleFrom),
        rows.map(row => row.joinedSequence),
        rows.map(row => row.read),
        rows.map(row => row.readOrdinal),
        this.#micros,
      ],
    )
    for (const [conversationId, group] of Map.groupBy(inserted, row => row.group)) {
      const items = group.map(({ group: _, version: __, ...item }) => ({ ...item, deliveredMoved: true }))
      this.#positions.push({ conversationId, version: group[0]?.version ?? 0, items })
    }
  }

  async deleteMembership(id: ConversationId, accountId: AccountId): Promise<void> {
    await this.#client.query(
      `with a as (delete from positions where conversation_id = $1 and account_id = $2),
            b as (delete from own_positions where conversation_id = $1 and account_id = $2),
            c as (delete from conversation_settings where conversation_id = $1 and account_id = $2)
       delete from memberships where conversation_id = $1 and account_id = $2`,
      [id, accountId],
    )
  }

  async updateRole(id: ConversationId, accountId: AccountId, role: Role): Promise<void> {
    await this.#client.query('update memberships set role = $3 where conversation_id = $1 and account_id = $2', [
      id,
      accountId,
      role,
    ])
  }

  async updateMemberCount(id: ConversationId, difference: number): Promise<number> {
    const { rows } = await this.#client.query<{ count: number }>(
      'update conversations set member_count = member_count + $2 where id = $1 returning member_count as count',
      [id, difference],
    )
    return rows[0]?.count ?? 0
  }

  async headOf(stream: StreamId): Promise<{ readonly sequence: number; readonly ordinal: number }> {
    const head = this.#heads.get(stream)
    if (head === undefined) throw new Error('the head of a stream that is not locked was asked for')
    return { sequence: head.sequence, ordinal: head.ordinal }
  }

  async existingAccounts(accounts: readonly AccountId[]): Promise<readonly AccountId[]> {
    const { rows } = await this.#client.query<{ id: AccountId }>({
      name: 'existing_accounts',
      text: 'select id from accounts where id = any($1) order by id',
      values: [accounts],
    })
    return rows.map(row => row.id)
  }
}
