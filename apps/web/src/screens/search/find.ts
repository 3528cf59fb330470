/**
 * What a search finds, whoever looks: the server in everything one may see, or, away from it, this device in the messages that it
 * keeps. Grouped by the place it stands in, the newest first.
 */
import type { Client, MailHit } from '@recado/client'
import type { AccountId, ConversationId, FoundGroup, MailFolder, MailId, Snippet } from '@recado/protocol'
import { type ExcerptPart, toExcerpt } from '../palette/excerpt.ts'
import { withoutMarkup } from '../palette/without-markup.ts'

export interface FoundLine {
  readonly key: string
  readonly authorId: AccountId
  /** ISO 8601. */
  readonly at: string
  readonly excerpt: readonly ExcerptPart[]
  readonly attachmentCount: number
  readonly leadsTo:
    | { readonly kind: 'message'; readonly conversationId: ConversationId; readonly sequence: number }
    | { readonly kind: 'mail'; readonly threadId: MailId; readonly folder: MailFolder }
}

export interface FoundPlace {
  readonly key: string
  readonly conversationId: ConversationId | null
  /** Of a mail: its subject, with what was found in it. */
  readonly subject: readonly ExcerptPart[] | null
  readonly lines: readonly FoundLine[]
}

export interface Found {
  readonly places: readonly FoundPlace[]
  /** Where to go on; null at the end. */
  readonly next: string | null
  /** Operators that name nobody and nothing. */
  readonly unknown: readonly string[]
  /** Operators that only the server can follow. */
  readonly beyond: readonly string[]
}

export async function findOnServer(client: Client, query: string, next: string | null): Promise<Found> {
  const answer = await client.call('search.find', { query, ...(next === null ? {} : { next }) })
  const places = await Promise.all(answer.items.map(toPlace))
  return { places, next: answer.next, unknown: answer.unknown, beyond: [] }
}

async function toPlace(group: FoundGroup): Promise<FoundPlace> {
  if (group.kind === 'conversation') {
    const { conversationId } = group
    const lines = group.items.map(async ({ sequence, authorId, createdAt, snippet, attachmentCount }) => ({
      key: String(sequence),
      authorId,
      at: createdAt,
      excerpt: await excerptOf(snippet),
      attachmentCount,
      leadsTo: { kind: 'message' as const, conversationId, sequence },
    }))
    return { key: `c${conversationId}`, conversationId, subject: null, lines: await Promise.all(lines) }
  }
  const { threadId, items } = group
  return {
    key: `t${threadId}`,
    conversationId: null,
    subject: partsOf(items[0]?.subject ?? { text: '', ranges: [] }),
    lines: items.map(({ mailId, authorId, at, folder, snippet, attachmentCount }) => ({
      key: String(mailId),
      authorId,
      at,
      excerpt: partsOf(snippet),
      attachmentCount,
      leadsTo: { kind: 'mail', threadId, folder },
    })),
  }
}

async function excerptOf({ text, ranges }: Snippet): Promise<readonly ExcerptPart[]> {
  const [hit] = await withoutMarkup([{ body: text, ranges }])
  return hit ? toExcerpt(hit) : []
}

interface Marked {
  readonly text: string
  readonly ranges: readonly (readonly [number, number])[]
}

function partsOf({ text, ranges }: Marked): readonly ExcerptPart[] {
  const parts: ExcerptPart[] = []
  let at = 0
  for (const [from, to] of ranges) {
    parts.push({ text: text.slice(at, from), found: false }, { text: text.slice(from, to), found: true })
    at = to
  }
  return [...parts, { text: text.slice(at), found: false }].filter(part => part.text !== '')
}

/** Without the network, over the messages and mails that this device keeps. */
export async function findOnDevice(client: Client, query: string): Promise<Found> {
  const [messages, mails] = await Promise.all([
    client.searchMessages(query),
    client.mail().then(mail => mail.search(query)),
  ])
  const chats = await Promise.all(
    messages.groups.map(async ({ conversationId, hits }): Promise<FoundPlace> => {
      const lines = (await withoutMarkup(hits)).map(hit => ({
        key: String(hit.sequence),
        authorId: hit.authorId,
        at: hit.createdAt,
        excerpt: toExcerpt(hit),
        attachmentCount: 0,
        leadsTo: { kind: 'message' as const, conversationId, sequence: hit.sequence },
      }))
      return { key: `c${conversationId}`, conversationId, subject: null, lines }
    }),
  )
  const threads = [...Map.groupBy(mails.hits, hit => hit.header.threadId).values()].map(toThread)
  const places = [...chats, ...threads].sort((a, b) => ((a.lines[0]?.at ?? '') < (b.lines[0]?.at ?? '') ? 1 : -1))
  return { places, next: null, unknown: messages.unknown, beyond: [...messages.beyond, ...mails.beyond] }
}

function toThread(hits: readonly MailHit[]): FoundPlace {
  const [{ header, subjectRanges }] = hits as readonly [MailHit, ...MailHit[]]
  return {
    key: `t${header.threadId}`,
    conversationId: null,
    subject: partsOf({ text: header.subject, ranges: subjectRanges }),
    lines: hits.map(hit => ({
      key: String(hit.header.id),
      authorId: hit.header.authorId,
      at: hit.header.entry.at,
      excerpt: toExcerpt({ body: hit.text, ranges: hit.ranges }),
      attachmentCount: hit.header.attachmentCount,
      leadsTo: { kind: 'mail', threadId: hit.header.threadId, folder: hit.header.entry.folder },
    })),
  }
}
