/** Real-looking content for the gallery: long names, long words, several scripts, hostile mark-up. */
import type { PendingChange } from '@recado/client'
import type {
  AccountId,
  Attachment,
  Conversation,
  ConversationId,
  Member,
  Message,
  MessageId,
  Person,
} from '@recado/protocol'

export const me = 1 as AccountId
export const now = Date.parse('2026-11-20T15:42:00Z')
const minute = 60_000

export function isoAgo(minutes: number): string {
  return new Date(now - minutes * minute).toISOString()
}

const names: readonly (readonly [string, string])[] = [
  ['marina', 'Marina Duarte'],
  ['joao', 'João Pedro de Alcântara Figueiredo e Souza'],
  ['sofia', 'Sofía Hernández'],
  ['kenji', '田中 健二'],
  ['layla', 'ليلى حداد'],
  ['tomas', 'Tomás O’Brien'],
  ['x', '<b>Not bold</b> & Co.'],
  ['noa', 'נועה לוי'],
  ['inge', 'Ingeborg Schneider-Hoffmann'],
  ['ravi', 'Ravi'],
  ['ana', 'Ana Clara'],
]

export const people: readonly Person[] = names.map(([username, displayName], index) => ({
  id: (index + 2) as AccountId,
  username,
  displayName,
  lastSeenAt: isoAgo(30 * (index + 1)),
}))

export function personAt(index: number): Person {
  const person = people[index % people.length]
  if (!person) throw new Error('There are people.')
  return person
}

export interface Line {
  /** Index into `people`; null for oneself. */
  readonly by: number | null
  readonly text: string | null
  readonly ago: number
  readonly replyTo?: number
  readonly edited?: true
  readonly reactions?: readonly (readonly [string, readonly number[]])[]
  readonly mentions?: readonly AccountId[]
  readonly forwardedFrom?: AccountId
  readonly files?: readonly Attachment[]
}

export const letterDesk: readonly Line[] = [
  { by: 0, text: 'Good morning! Did the printer answer about the paper?', ago: 60 * 26 },
  {
    by: null,
    text: 'Yes, late last night. They can do the 120 g in the warm white, but only from the 3rd.',
    ago: 60 * 25.6,
  },
  { by: null, text: 'I asked them to hold 40 sheets for us.', ago: 60 * 25.5, edited: true },
  {
    by: 0,
    text: 'Perfect. Then the invitations go out a week later, nobody will mind.',
    ago: 60 * 25,
    reactions: [['👍', [1]]],
  },
  {
    by: 1,
    text: 'I mind a little 🙂',
    ago: 60 * 24.8,
    replyTo: 4,
    reactions: [
      ['😂', [1, 2, 4]],
      ['❤️', [2]],
    ],
  },
  {
    by: 2,
    text: 'Les dejo aquí la lista completa, con las direcciones ya revisadas: https://example.org/desk/lists/invitations-2026?sort=city&view=compact(1). Faltan tres.',
    ago: 180,
  },
  { by: 4, text: 'شكراً جزيلاً، سأراجعها الليلة وأخبركم غداً صباحاً إن وجدت خطأ.', ago: 170 },
  { by: 0, text: null, ago: 168 },
  {
    by: null,
    text: 'Let me write down what is decided, so that we find it again:\n\n1. Paper: warm white, 120 g\n2. Colour: one, the red of the seal\n3. Date on the card: Saturday, 12 December\n\n@marina please check the third line with the venue.',
    ago: 95,
    mentions: [2 as AccountId],
  },
  {
    by: 0,
    text: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft is one word, by the way. It has to fit on the envelope.',
    ago: 40,
  },
  { by: 0, text: '🎉🎉🎉', ago: 38 },
  {
    by: 3,
    text: '会場に確認しました。土曜日で大丈夫です。',
    ago: 21,
    forwardedFrom: 5 as AccountId,
    reactions: [['🙏', [1, 2]]],
  },
  { by: null, text: 'Then it goes to print tonight.', ago: 12 },
  {
    by: 1,
    text: 'One more thing before it does: is the e-mail address on the back the right one? It still says the old domain in the proof that I have here.',
    ago: 4,
  },
]

function toMessage(conversationId: ConversationId, line: Line, sequence: number): Message {
  const author = line.by === null ? me : personAt(line.by).id
  const createdAt = isoAgo(line.ago)
  return {
    conversationId,
    sequence,
    ordinal: sequence,
    id: (conversationId * 100_000 + sequence) as MessageId,
    authorId: author,
    clientMessageId: `c${conversationId}-${sequence}`,
    body: line.text,
    replyTo: line.replyTo ?? null,
    mentions: [...(line.mentions ?? [])],
    forwardedFrom: line.forwardedFrom ?? null,
    version: line.edited ? 2 : 1,
    createdAt,
    editedAt: line.edited ? createdAt : null,
    deletedAt: line.text === null ? createdAt : null,
    reactions: (line.reactions ?? []).map(([emoji, ids]) => ({ emoji, accountIds: ids.map(id => id as AccountId) })),
    ...(line.files && { attachments: [...line.files] }),
  }
}

/** The messages of a conversation, one a line. */
export function toMessages(id: number, lines: readonly Line[]): readonly Message[] {
  return lines.map((line, index) => toMessage(id as ConversationId, line, index + 1))
}

export interface ConversationSeed {
  readonly id: number
  readonly name: string | null
  /** Of a group. */
  readonly description?: string | null
  /** Index into `people`, for a direct conversation. */
  readonly peer: number | null
  readonly members: number
  readonly messages: readonly Message[]
  readonly unread: number
  readonly membership?: 'left'
  /** What was done to its messages here, by sequence. */
  readonly marks?: ReadonlyMap<number, Marks>
}

/** What a message shows besides what it says. */
export interface Marks {
  readonly pinned?: true
  readonly saved?: true
  readonly changes?: readonly PendingChange[]
}

const usualDescription = 'What goes out, on which paper, and who checks it before it does.'

export function toConversation(seed: ConversationSeed, among: readonly Person[]): Conversation {
  const { id, name, peer, members, messages, unread, description = usualDescription } = seed
  const last = messages.at(-1) ?? null
  const head = last?.sequence ?? 1
  return {
    id: id as ConversationId,
    kind: peer === null ? 'group' : 'direct',
    name,
    description: peer === null ? description : null,
    mailFrom: 'members',
    version: 1,
    peer: peer === null ? null : (among[peer % among.length] ?? null),
    memberCount: members,
    createdAt: isoAgo(60 * 24 * 30),
    head: { sequence: head, micros: 0, ordinal: head, registers: 0 },
    lastMessage: last,
    me: {
      role: 'owner',
      joinedAt: isoAgo(60 * 24 * 30),
      visibleFrom: 0,
      delivered: head,
      read: head - unread,
      readOrdinal: head - unread,
      settings: { version: 0, pinned: null, muted: null, archived: null, markedUnread: null },
    },
  }
}

export function toMembers(count: number, among: readonly Person[]): readonly Member[] {
  const own: Member = {
    person: { id: me, username: 'beatriz', displayName: 'Beatriz Lima', lastSeenAt: null },
    role: 'owner',
    joinedAt: isoAgo(1000),
  }
  const others = among
    .slice(0, count - 1)
    .map((person, index): Member => ({ person, role: index === 0 ? 'admin' : 'member', joinedAt: isoAgo(900) }))
  return [own, ...others]
}
