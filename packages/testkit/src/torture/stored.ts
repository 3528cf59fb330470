/** Reads the database directly, with statements of its own: what is there, whatever the server says. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import type {
  StoredConversation,
  StoredDelivery,
  StoredEntry,
  StoredEvent,
  StoredMail,
  StoredMember,
  StoredMessage,
} from './evidence.ts'

type Hanging = Pick<StoredMail, 'recipients' | 'deliveries' | 'counts' | 'entries' | 'arrivals'>

export class StoredReader implements AsyncDisposable {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
  }

  /** The embedded database of a server that is running. */
  static async connect(databaseFolder: string): Promise<StoredReader> {
    const [password, pidFile] = await Promise.all([
      readFile(join(databaseFolder, 'password'), 'utf8'),
      readFile(join(databaseFolder, 'data/postmaster.pid'), 'utf8'),
    ])
    const [, , , port, socketFolder] = pidFile.split('\n').map(line => line.trim())
    const client = new Client({
      host: socketFolder || '127.0.0.1',
      port: Number(port),
      user: 'recado',
      password: password.trim(),
      database: 'recado',
      application_name: 'torture',
      connectionTimeoutMillis: 5_000,
    })
    client.on('error', () => undefined)
    await client.connect()
    return new StoredReader(client)
  }

  /** The newest sequence of every conversation. */
  async heads(): Promise<Map<number, number>> {
    const rows = await this.#rows<{ id: number; sequence: number }>(
      `select c.id::float8 as id, h.sequence::float8 as sequence from conversations c join heads h on h.stream_id = c.id
        where c.kind <> 'mail'`,
    )
    return new Map(rows.map(({ id, sequence }) => [id, sequence]))
  }

  /** Something that changes when anything in the log or in a register does. */
  async fingerprint(): Promise<string> {
    const [row] = await this.#rows<{ text: string }>(
      `select (select sum(sequence) from heads)::text || ' ' || (select sum(version) from register_heads)::text as text`,
    )
    return row?.text ?? ''
  }

  /** Backends of the server's connections, by the names they give themselves. */
  async backends(name: string): Promise<number[]> {
    const rows = await this.#rows<{ pid: number }>(
      'select pid from pg_stat_activity where application_name like $1 and pid <> pg_backend_pid()',
      [name],
    )
    return rows.map(({ pid }) => pid)
  }

  async terminateBackend(pid: number): Promise<void> {
    await this.#rows('select pg_terminate_backend($1)', [pid])
  }

  /** Of chats; the streams of mail are nobody's to read. */
  async conversationIds(): Promise<number[]> {
    const rows = await this.#rows<{ id: number }>(
      `select id::float8 as id from conversations where kind <> 'mail' order by id`,
    )
    return rows.map(({ id }) => id)
  }

  async mails(): Promise<StoredMail[]> {
    const mails = await this.#rows<Omit<StoredMail, keyof Hanging>>(
      'select id::float8 as id, author_id::float8 as "authorId", subject, state from mails order by id',
    )
    const recipients = await this.#byMail<StoredMail['recipients'][number]>(
      `select mail_id, mode, account_id::float8 as "accountId", group_id::float8 as "groupId" from mail_recipients order by place`,
    )
    const deliveries = await this.#byMail<StoredDelivery>(
      `select mail_id, account_id::float8 as "accountId", mode, via_group_id::float8 as via, status from deliveries order by number`,
    )
    const counts = await this.#byMail<Readonly<Record<string, number>>>('select * from mail_counts')
    const entries = await this.#byMail<StoredEntry>(
      'select mail_id, account_id::float8 as "accountId", authored, received, read, folder from mailbox_entries',
    )
    const arrivals = await this.#byMail<{ readonly accountId: number }>(
      `select target as mail_id, stream_id::float8 as "accountId" from stream_events where kind = 'mail.arrived'`,
    )
    return mails.map(mail => ({
      ...mail,
      recipients: recipients.get(mail.id) ?? [],
      deliveries: deliveries.get(mail.id) ?? [],
      counts: counts.get(mail.id)?.[0] ?? null,
      entries: entries.get(mail.id) ?? [],
      arrivals: (arrivals.get(mail.id) ?? []).map(({ accountId }) => accountId),
    }))
  }

  /** The members of each group. */
  async members(): Promise<Map<number, number[]>> {
    const rows = await this.#rows<{ id: number; accountId: number }>(
      'select conversation_id::float8 as id, account_id::float8 as "accountId" from memberships',
    )
    const groups = Map.groupBy(rows, row => row.id)
    return new Map([...groups].map(([id, members]) => [id, members.map(({ accountId }) => accountId)]))
  }

  async conversation(id: number): Promise<StoredConversation> {
    const [conversation] = await this.#rows<{ kind: string }>('select kind from conversations where id = $1', [id])
    if (conversation === undefined) throw new Error(`there is no conversation ${id}`)
    const messages = await this.#rows<StoredMessage>(
      `select sequence::float8 as sequence, ordinal::float8 as ordinal, id::float8 as id, author_id::float8 as "authorId",
              client_key as key, body, version from messages where conversation_id = $1 order by sequence`,
      [id],
    )
    const members = await this.#rows<StoredMember>(
      `select m.account_id::float8 as "accountId", greatest(p.delivered, p.read, o.sequence)::float8 as delivered,
              greatest(p.read, o.sequence)::float8 as read, greatest(p.read_ordinal, o.ordinal)::float8 as "readOrdinal"
         from memberships m
         left join positions p on p.conversation_id = m.conversation_id and p.account_id = m.account_id
         left join own_positions o on o.conversation_id = m.conversation_id and o.account_id = m.account_id
        where m.conversation_id = $1 order by m.account_id`,
      [id],
    )
    return { ...(await this.#stream(id)), kind: conversation.kind, messages, members }
  }

  /** An account's own stream, as a conversation with oneself and no messages. */
  async account(id: number): Promise<StoredConversation> {
    const members = [{ accountId: id, delivered: 0, read: 0, readOrdinal: 0 }]
    return { ...(await this.#stream(id)), kind: 'account', messages: [], members }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end().catch(() => undefined)
  }

  async #stream(id: number) {
    const [head] = await this.#rows<{ sequence: number; ordinal: number }>(
      'select sequence::float8 as sequence, ordinal::float8 as ordinal from heads where stream_id = $1',
      [id],
    )
    if (head === undefined) throw new Error(`stream ${id} has no head`)
    const events = await this.#rows<StoredEvent>(
      `select sequence::float8 as sequence, kind, actor_id::float8 as "actorId", target::float8 as target, key
         from stream_events where stream_id = $1 order by sequence`,
      [id],
    )
    return { id, head, events }
  }

  async #byMail<Row extends object>(text: string): Promise<Map<number, Row[]>> {
    const rows = await this.#rows<Row & { mail_id: string }>(text)
    return Map.groupBy(rows, row => Number(row.mail_id))
  }

  async #rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.#client.query<Row>(text, [...values])
    return rows
  }
}
