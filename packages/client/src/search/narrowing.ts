/** What the operators of a query ask of what this device keeps; the words are looked for by `fold.ts`. */
import {
  type AccountId,
  type ConversationId,
  type Mail,
  type MailHeader,
  type Message,
  parseSearchQuery,
  type SearchQuery,
} from '@recado/protocol'
import type { Model } from '../engine/model.ts'
import { fold } from './fold.ts'

export interface Narrowing {
  /** The query without its operators. */
  readonly words: string
  /** Whether an operator says anything: then there need be no words. */
  readonly narrows: boolean
  /** Operators that name nothing, and those that only the server can follow: with one of them nothing is found. */
  readonly unknown: readonly string[]
  readonly beyond: readonly string[]
}

export interface MessageNarrowing extends Narrowing {
  mayHold(id: ConversationId): boolean
  allows(message: Message): boolean
}

export interface MailNarrowing extends Narrowing {
  /** `body` is null where this device does not keep it. */
  allows(header: MailHeader, body: Mail | null): boolean
}

const link = /\bhttps?:\/\/\S/iu
const folders: readonly string[] = ['inbox', 'archive', 'trash', 'spam', 'sent', 'unsent']

/** Of chats. What is starred there only the server knows; mails went to somebody, messages did not. */
export function narrowMessages(text: string, model: Model): MessageNarrowing {
  const query = parseSearchQuery(text)
  const places = query.in.map(name => name.toLowerCase())
  return {
    ...common(query, query.is.includes('starred') ? ['is:starred'] : []),
    mayHold: id =>
      query.to.length === 0 &&
      (places.length === 0 || places.includes('chat') || places.some(name => isPlace(model, id, name))),
    allows(message) {
      const { attachments = [], authorId, body, createdAt } = message
      return (
        isWritten(query, model, { authorId, at: createdAt, texts: [body ?? ''] }) &&
        (!query.has.includes('attachment') || attachments.length > 0) &&
        (!query.has.includes('image') || attachments.some(isImage)) &&
        (!query.is.includes('unread') || isUnread(model, message))
      )
    },
  }
}

/** Of mails; without `in:` all but trash and spam. */
export function narrowMails(text: string, model: Model): MailNarrowing {
  const query = parseSearchQuery(text)
  const places = query.in.map(name => name.toLowerCase())
  return {
    ...common(query, []),
    allows(header, body) {
      const { authorId, entry, recipients, subject, preview } = header
      const { folder, read, received, starred, at } = entry
      const isUsual = !hidden.has(folder) && (places.length === 0 || places.includes('mail'))
      const went = (typed: string) =>
        recipients.some(({ accountId, name }) =>
          accountId === null ? isNamed(typed, [name ?? '']) : isPerson(model, accountId, typed),
        )
      return (
        (isUsual || places.includes(folder)) &&
        isWritten(query, model, { authorId, at, texts: [subject, body?.text ?? preview] }) &&
        (query.to.length === 0 || query.to.some(went)) &&
        (!query.has.includes('attachment') || header.attachmentCount > 0) &&
        (!query.has.includes('image') || (body?.attachments ?? []).some(isImage)) &&
        (!query.is.includes('unread') || (received && !read)) &&
        (!query.is.includes('starred') || starred)
      )
    },
  }
}

const hidden: ReadonlySet<string> = new Set(['trash', 'spam'])

function common(query: SearchQuery, beyond: readonly string[]): Narrowing {
  const { words, phrases, from, to, has, is, before, after, unknown } = query
  const operators = from.length + to.length + query.in.length + has.length + is.length
  return {
    words: [...words, ...phrases].join(' '),
    narrows: operators > 0 || before !== null || after !== null,
    unknown,
    beyond,
  }
}

interface Written {
  readonly authorId: AccountId
  readonly at: string
  readonly texts: readonly string[]
}

function isWritten({ from, before, after, phrases, has }: SearchQuery, model: Model, written: Written): boolean {
  const time = Date.parse(written.at)
  return (
    (from.length === 0 || from.some(name => isPerson(model, written.authorId, name))) &&
    (before === null || time < before) &&
    (after === null || time >= after) &&
    phrases.every(phrase => written.texts.some(text => fold(text).includes(fold(phrase)))) &&
    (!has.includes('link') || written.texts.some(text => link.test(text)))
  )
}

function isUnread(model: Model, { conversationId, sequence, authorId }: Message): boolean {
  const read = model.conversations.get(conversationId)?.conversation.me.read ?? 0
  return sequence > read && authorId !== model.account.id
}

function isImage({ type }: { readonly type: string }): boolean {
  return type.startsWith('image/')
}

function isPerson(model: Model, id: AccountId, typed: string): boolean {
  if (typed.toLowerCase() === 'me') return id === model.account.id
  const person = model.people.get(id)
  return person !== undefined && isNamed(typed, [person.displayName, person.username])
}

function isPlace(model: Model, id: ConversationId, typed: string): boolean {
  const conversation = model.conversations.get(id)?.conversation
  if (!conversation || typed === 'mail' || folders.includes(typed)) return false
  const { name, peer } = conversation
  return isNamed(typed, [name ?? '', peer?.displayName ?? '', peer?.username ?? ''])
}

/** Each word of what was typed begins a word of the name. */
function isNamed(typed: string, names: readonly string[]): boolean {
  const wanted = fold(typed).split(/\s+/u)
  return names.some(name => {
    const parts = fold(name).split(/[\s.@_-]+/u)
    return wanted.every(word => parts.some(part => part.startsWith(word)) || fold(name) === word)
  })
}
