import type { AccountId, ConversationId, MailFrom, Person, Role } from '@recado/protocol'
import type { Pool } from 'pg'
import { isoTime } from '../../clock.ts'
import { foldWords } from '../folding.ts'
import { presentSettings } from '../settings.ts'
import type { ConversationView, MembershipRow, MembersRequest } from '../store.ts'
import { prefixQuery } from './accounts.ts'
import {
  type HeadColumns,
  headColumns,
  type MessageColumns,
  messageColumns,
  parseHead,
  parseMessage,
} from './messages.ts'
import { parseSettings, type SettingsColumns, settingsColumns } from './settings.ts'

export const conversationColumns = `c.id, c.kind, c.name, c.description, c.mail_from as "mailFrom", c.version, c.member_count as "memberCount", c.created_micros as "createdMicros"`

interface PersonColumns {
  readonly person_id: AccountId
  readonly username: string
  readonly display_name: string
  readonly last_seen_micros: number | null
}

const personColumns = 'a.id as person_id, a.username, a.display_name, a.last_seen_micros'

function parsePerson(row: PersonColumns): Person {
  return {
    id: row.person_id,
    username: row.username,
    displayName: row.display_name,
    lastSeenAt: row.last_seen_micros === null ? null : isoTime(row.last_seen_micros),
  }
}

export async function findMembership(
  pool: Pool,
  conversationId: ConversationId,
  accountId: AccountId,
): Promise<MembershipRow | null> {
  const { rows } = await pool.query<MembershipRow>({
    name: 'find_membership',
    text: `select conversation_id as "conversationId", account_id as "accountId", role, visible_from as "visibleFrom"
             from memberships where conversation_id = $1 and account_id = $2`,
    values: [conversationId, accountId],
  })
  return rows[0] ?? null
}

type ViewRow = HeadColumns &
  SettingsColumns &
  (MessageColumns | { readonly message_sequence: null }) & {
    readonly c_id: ConversationId
    readonly kind: 'direct' | 'group'
    readonly name: string | null
    readonly description: string | null
    readonly mail_from: MailFrom
    readonly c_version: number
    readonly member_count: number
    readonly c_created_micros: number
    readonly role: Role
    readonly visible_from: number
    readonly joined_micros: number
    readonly delivered: number
    readonly read: number
    readonly read_ordinal: number
    readonly peer: (PersonColumns & { readonly person_id: AccountId }) | null
  }

/** A conversation with what one of its members `s` needs of it; the caller adds the filter and the order. */
const viewText = `
  select c.id as c_id, c.kind, c.name, c.description, c.mail_from, c.version as c_version, c.member_count, c.created_micros as c_created_micros,
         s.role, s.visible_from, s.joined_micros, ${settingsColumns}, greatest(p.delivered, o.sequence) as delivered, greatest(p.read, o.sequence) as read,
         greatest(p.read_ordinal, o.ordinal) as read_ordinal, ${headColumns}, message.*, peer.peer
    from memberships s
    join conversations c on c.id = s.conversation_id
    join positions p on p.conversation_id = s.conversation_id and p.account_id = s.account_id
    join own_positions o on o.conversation_id = s.conversation_id and o.account_id = s.account_id
    join heads h on h.stream_id = s.conversation_id
    join register_heads r on r.group_id = s.conversation_id
    left join conversation_settings t on t.account_id = s.account_id and t.conversation_id = s.conversation_id
    left join lateral (
      select ${messageColumns} from messages m
       where m.conversation_id = c.id and m.sequence = h.message_sequence and m.sequence >= s.visible_from) message on true
    left join lateral (
      select json_build_object('person_id', a.id, 'username', a.username, 'display_name', a.display_name,
                               'last_seen_micros', a.last_seen_micros) as peer
        from direct_conversations d
        join accounts a on a.id = case when d.low = s.account_id then d.high else d.low end
       where c.kind = 'direct' and d.conversation_id = c.id) peer on true`

export async function findConversationView(
  pool: Pool,
  conversationId: ConversationId,
  accountId: AccountId,
): Promise<ConversationView | null> {
  const { rows } = await pool.query<ViewRow>({
    name: 'find_conversation_view',
    text: `${viewText} where s.conversation_id = $1 and s.account_id = $2`,
    values: [conversationId, accountId],
  })
  return rows[0] === undefined ? null : parseView(rows[0])
}

export async function listConversations(
  pool: Pool,
  accountId: AccountId,
  before: { readonly micros: number; readonly id: number } | null,
  limit: number,
): Promise<readonly ConversationView[]> {
  const { rows } = await pool.query<ViewRow>({
    name: 'list_conversations',
    text: `${viewText} where s.account_id = $1 and (h.micros, h.stream_id) < ($2, $3)
            order by h.micros desc, h.stream_id desc limit $4`,
    values: [accountId, before?.micros ?? Number.MAX_SAFE_INTEGER, before?.id ?? Number.MAX_SAFE_INTEGER, limit],
  })
  return rows.map(parseView)
}

function parseView(row: ViewRow): ConversationView {
  return {
    id: row.c_id,
    kind: row.kind,
    name: row.name,
    description: row.description,
    mailFrom: row.mail_from,
    version: row.c_version,
    memberCount: row.member_count,
    createdMicros: row.c_created_micros,
    head: parseHead(row),
    peer: row.peer === null ? null : parsePerson(row.peer),
    lastMessage: row.message_sequence === null ? null : parseMessage(row),
    me: {
      role: row.role,
      joinedAt: isoTime(row.joined_micros),
      visibleFrom: row.visible_from,
      delivered: row.delivered,
      read: row.read,
      readOrdinal: row.read_ordinal,
      settings: presentSettings(parseSettings(row)),
    },
  }
}

/** The order of members: an expression of the index `memberships_rank`, word for word. */
const rank = "(case s.role when 'owner' then 0 when 'admin' then 1 else 2 end)"

/** Owners first, then admins, then members, each by id. `rank` is 0, 1, 2 in that order. */
export async function listMembers(pool: Pool, { conversationId, query, after, limit }: MembersRequest) {
  const words = query === null ? [] : foldWords(query)
  if (words.length === 0 && query !== null && query.trim() !== '') return []
  const values = [conversationId, after?.rank ?? -1, after?.id ?? 0, limit]
  const page = `s.conversation_id = $1 and (${rank}, s.account_id) > ($2, $3)`
  const place = `order by ${rank}, s.account_id limit $4`
  const { rows } = await pool.query<PersonColumns & { role: Role; joined_micros: number }>(
    words.length === 0
      ? {
          name: 'list_members',
          // The page is cut before its people are read: however many members there are, it is a walk along the index.
          text: `select ${personColumns}, s.role, s.joined_micros
                   from (select s.* from memberships s where ${page} ${place}) s join accounts a on a.id = s.account_id
                  order by ${rank}, s.account_id`,
          values,
        }
      : {
          name: 'search_members',
          text: `select ${personColumns}, s.role, s.joined_micros from memberships s
                   join accounts a on a.id = s.account_id
                  where ${page} and a.search_words @@ $5::tsquery ${place}`,
          values: [...values, prefixQuery(words)],
        },
  )
  return rows.map(row => ({ person: parsePerson(row), role: row.role, joinedMicros: row.joined_micros }))
}
