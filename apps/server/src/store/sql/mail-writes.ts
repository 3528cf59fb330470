/** What a wide transaction does to mails. The statements that decide are read after the locks (see `store/mail.ts`). */
import type { AccountId, ConversationId, MailId, RecipientMode } from '@recado/protocol'
import type { Client } from 'pg'
import type {
  ChangedMail,
  DeliveryPlace,
  MailGroup,
  MailRow,
  MailWrites,
  NewMail,
  QueuedDelivery,
  QueuedRecipient,
  RecipientRow,
} from '../mail.ts'
import { findEntries, insertArrivals, putEntries } from './mail-entries.ts'

/** What the transaction that they are part of gives them. */
export interface MailWritesOptions {
  readonly client: Client
  readonly micros: () => number
  readonly changed: ChangedMail[]
  /** A stream was created with its heads: it is locked by this transaction. */
  adopt(stream: ConversationId): void
  /** The next sequence of a locked stream. */
  takeSequence(stream: ConversationId): number
}

export function createMailWrites(options: MailWritesOptions): MailWrites {
  const { client } = options
  return {
    ...composing(options),
    ...delivering(options),
    async findReceipts(accountId) {
      const { rows } = await client.query<{ shown: boolean }>(
        'select read_receipts as shown from accounts where id = $1',
        [accountId],
      )
      return rows[0]?.shown === false ? 'hidden' : 'shown'
    },
    findEntries: (accountId, mailIds) => findEntries(client, accountId, mailIds),
    putEntries: entries => putEntries(client, entries),
  }
}

type Composing = Pick<
  MailWrites,
  | 'lockThread'
  | 'findThread'
  | 'findGroups'
  | 'insertMail'
  | 'findMail'
  | 'updateState'
  | 'findConversations'
  | 'insertConversation'
  | 'appendMessage'
>

function composing(options: MailWritesOptions): Composing {
  const { client, micros } = options
  return {
    async lockThread(threadId) {
      await client.query({
        name: 'mail_lock_thread',
        text: `select pg_advisory_xact_lock(hashtextextended('thread ' || $1, 0))`,
        values: [String(threadId)],
      })
    },
    async findThread(mailId, accountId) {
      const { rows } = await client.query<{ id: MailId }>({
        name: 'mail_find_thread',
        text: `select m.thread_id as id from mailbox_entries e join mails m on m.id = e.mail_id
          where e.account_id = $1 and e.mail_id = $2`,
        values: [accountId, mailId],
      })
      return rows[0]?.id ?? null
    },
    async findGroups(ids, accountId) {
      const { rows } = await client.query<MailGroup>({
        name: 'mail_find_groups',
        text: `select c.id, c.mail_from as "mailFrom",
                (select m.role from memberships m where m.conversation_id = c.id and m.account_id = $2) as role
           from conversations c where c.id = any($1) and c.kind = 'group' order by c.id`,
        values: [ids, accountId],
      })
      return rows
    },
    insertMail: mail => insertMail(client, mail, micros()),
    findMail: id => findMail(client, id),
    async updateState(id, state, failure) {
      await client.query({
        name: 'mail_update_state',
        text: `update mails set state = $2, failure = $3, released_micros = case when $2 = 'released' then $4::bigint end
          where id = $1`,
        values: [id, state, failure === null ? null : JSON.stringify(failure), micros()],
      })
    },
    async findConversations(threadId, participants) {
      const { rows } = await client.query<{ participants: string; id: ConversationId }>({
        name: 'mail_find_conversations',
        text: `select participants, conversation_id as id from mail_conversations where thread_id = $1 and participants = any($2)`,
        values: [threadId, participants],
      })
      return new Map(rows.map(row => [row.participants, row.id]))
    },
    async insertConversation(threadId, participants, memberCount) {
      const { rows } = await client.query<{ id: ConversationId }>({
        name: 'mail_insert_conversation',
        text: `with made as (
           insert into conversations (kind, member_count, created_micros) values ('mail', $3, $4) returning id
         ), head as (insert into heads (stream_id) select id from made
         ), registers as (insert into register_heads (group_id) select id from made)
         insert into mail_conversations select $1, $2, id from made returning conversation_id as id`,
        values: [threadId, participants, memberCount, micros()],
      })
      const id = rows[0]?.id
      if (id === undefined) throw new Error('an insert gave no row')
      options.adopt(id)
      return id
    },
    async appendMessage(conversationId, mailId, authorId) {
      const sequence = options.takeSequence(conversationId)
      await client.query({
        name: 'mail_append_message',
        text: `with head as (
           update heads h set ordinal = h.ordinal + 1, message_sequence = $2 where h.stream_id = $1
           returning h.ordinal, h.micros)
         insert into messages (conversation_id, sequence, ordinal, id, author_id, client_key, mail_id, created_micros)
         select $1, $2, h.ordinal, nextval('message_ids'), $3, 'mail ' || $4::bigint, $4, greatest(h.micros, $5) from head h`,
        values: [conversationId, sequence, authorId, mailId, micros()],
      })
    },
  }
}

async function insertMail(client: Client, mail: NewMail, micros: number): Promise<MailId> {
  const { authorId, threadId, inReplyTo, subject, text, html, recipients, mediaIds, dueMicros, state } = mail
  const { rows } = await client.query<{ id: MailId }>({
    name: 'mail_insert',
    text: `with drawn as (select nextval('stream_ids') as id), head as (
       insert into register_heads (group_id) select id from drawn
     ), written as (
       insert into mail_recipients (mail_id, place, mode, account_id, group_id, address)
       select d.id, r.place, r.mode, r.account_id, r.group_id, r.address
         from drawn d, unnest($8::text[], $9::bigint[], $10::bigint[], $11::text[])
              with ordinality as r(mode, account_id, group_id, address, place)
     ), files as (
       insert into mail_attachments (mail_id, place, media_id)
       select d.id, f.place, f.media_id from drawn d, unnest($14::text[]) with ordinality as f(media_id, place)
     )
     insert into mails (id, thread_id, in_reply_to, author_id, subject, text, html, attached, state, created_micros, due_micros,
                        released_micros)
     select d.id, coalesce($1::bigint, d.id), $2, $3, $4, $5, $12, cardinality($14::text[]), $13, $6, $7,
            case when $13 = 'released' then $6::bigint end
       from drawn d returning id`,
    values: [
      threadId,
      inReplyTo,
      authorId,
      subject,
      text,
      micros,
      dueMicros,
      recipients.map(recipient => recipient.mode),
      recipients.map(recipient => recipient.accountId),
      recipients.map(recipient => recipient.groupId),
      recipients.map(recipient => recipient.address),
      html,
      state,
      mediaIds,
    ],
  })
  const id = rows[0]?.id
  if (id === undefined) throw new Error('an insert gave no row')
  return id
}

async function findMail(client: Client, id: MailId): Promise<MailRow | null> {
  const { rows } = await client.query<
    Omit<MailRow, 'recipients'> & {
      recipients: [RecipientMode, AccountId | null, ConversationId | null, string | null][] | null
    }
  >({
    name: 'mail_find',
    text: `select m.id, m.thread_id as "threadId", m.author_id as "authorId", m.state, m.due_micros as "dueMicros",
            (select json_agg(json_build_array(r.mode, r.account_id, r.group_id, r.address) order by r.place)
               from mail_recipients r where r.mail_id = m.id) as recipients
       from mails m where m.id = $1`,
    values: [id],
  })
  const [row] = rows
  if (row === undefined) return null
  const recipients = (row.recipients ?? []).map(([mode, accountId, groupId, address]): RecipientRow => {
    return { mode, accountId, groupId, address }
  })
  return { ...row, recipients }
}

type Delivering = Omit<MailWrites, keyof Composing | 'findReceipts' | 'findEntries' | 'putEntries'>

function delivering({ client, micros, changed }: MailWritesOptions): Delivering {
  const move = async (places: readonly DeliveryPlace[], to: string, arrived: readonly number[] | null = null) => {
    if (places.length === 0) return
    const { rows } = await client.query<{ mail_id: MailId; author_id: AccountId; version: number }>({
      name: 'mail_move_deliveries',
      text: 'select * from move_deliveries($1, $2, $3, $4, $5)',
      values: [
        places.map(place => place.mailId),
        places.map(place => place.number),
        to,
        arrived ?? places.map(() => null),
        micros(),
      ],
    })
    for (const { mail_id: mailId, author_id: authorId, version } of rows) changed.push({ mailId, authorId, version })
  }
  return {
    async queueDeliveries(mail, recipients) {
      const count = await queueDeliveries(client, mail, recipients)
      changed.push({ mailId: mail.id, authorId: mail.authorId, version: 1 })
      return count
    },
    async findQueued(limit) {
      const { rows } = await client.query<QueuedDelivery>({
        name: 'mail_find_queued',
        text: `(select mail_id as "mailId", number, account_id as "accountId" from deliveries
           where status = 'queued' and account_id is not null order by mail_id, number limit $1)
         union
         (select mail_id, number, account_id from deliveries
           where status = 'queued' and account_id is not null order by mail_id desc, number desc limit $1)`,
        values: [Math.ceil(limit / 2)],
      })
      return rows
    },
    async lockQueued(deliveries) {
      await client.query({
        name: 'mail_lock_registers',
        text: 'select 1 from register_heads where group_id = any($1) order by group_id for update',
        values: [[...new Set(deliveries.map(delivery => delivery.mailId))]],
      })
      const { rows } = await client.query<QueuedDelivery>({
        name: 'mail_still_queued',
        text: `select d.mail_id as "mailId", d.number, d.account_id as "accountId"
           from unnest($1::bigint[], $2::integer[]) as w(mail_id, number)
           join deliveries d on d.mail_id = w.mail_id and d.number = w.number
          where d.status = 'queued' order by d.mail_id, d.number`,
        values: [deliveries.map(delivery => delivery.mailId), deliveries.map(delivery => delivery.number)],
      })
      return rows
    },
    async arrive(arrivals) {
      await insertArrivals(client, arrivals, micros())
      await move(
        arrivals,
        'sent',
        arrivals.map(arrival => arrival.sequence),
      )
    },
    async stopQueued(mailId) {
      await client.query('select 1 from register_heads where group_id = $1 for update', [mailId])
      const { rows } = await client.query<DeliveryPlace>(
        `select mail_id as "mailId", number from deliveries
          where mail_id = $1 and status = 'queued' and account_id is not null order by number`,
        [mailId],
      )
      await move(rows, 'cancelled')
      return rows.length
    },
    async findUnconfirmed(stored, limit) {
      const { rows } = await client.query<DeliveryPlace>({
        name: 'mail_find_unconfirmed',
        text: `select d.mail_id as "mailId", d.number
           from unnest($1::bigint[], $2::bigint[]) as s(account_id, sequence)
           cross join lateral (select k.mail_id, k.number from deliveries k
             where k.account_id = s.account_id and k.arrived_sequence <= s.sequence and k.status = 'sent'
             order by k.arrived_sequence limit $3 offset 0) d
          order by 1, 2 limit $3`,
        values: [stored.map(position => position.accountId), stored.map(position => position.sequence), limit],
      })
      return rows
    },
    moveDeliveries: (places, to) => move(places, to),
  }
}

async function queueDeliveries(
  client: Client,
  { id, authorId }: Pick<MailRow, 'id' | 'authorId'>,
  recipients: readonly QueuedRecipient[],
): Promise<number> {
  const { rows } = await client.query<{ count: number }>({
    name: 'mail_queue_deliveries',
    text: `with moved as (update register_heads set version = 1 where group_id = $1)
     select queue_deliveries($1, $2, $3, $4, $5, $6, 1) as count`,
    values: [
      id,
      authorId,
      recipients.map(recipient => recipient.mode),
      recipients.map(recipient => recipient.accountId),
      recipients.map(recipient => recipient.groupId),
      recipients.map(recipient => recipient.conversationId),
    ],
  })
  return rows[0]?.count ?? 0
}
