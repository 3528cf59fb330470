/** What the operators of a query ask of a message that this device keeps; the words are looked for by `fold.ts`. */
import { type AccountId, type ConversationId, type Message, parseSearchQuery } from '@recado/protocol'
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
  mayHold(id: ConversationId): boolean
  allows(message: Message): boolean
}

const link = /\bhttps?:\/\/\S/iu

/** Names are folded parts of a display name, or a username; `me` is oneself. */
export function createNarrowing(text: string, model: Model): Narrowing {
  const query = parseSearchQuery(text)
  const { words, phrases, from, before, after } = query
  const beyond = [
    ...query.has.filter(trait => trait !== 'link').map(trait => `has:${trait}`),
    ...query.is.map(state => `is:${state}`),
    ...query.to.map(name => `to:${name}`),
    ...query.in.filter(name => name.toLowerCase() === 'mail').map(name => `in:${name}`),
  ]
  const places = query.in.filter(name => name.toLowerCase() !== 'chat')
  const exact = phrases.map(fold)
  return {
    words: [...words, ...phrases].join(' '),
    narrows: from.length + query.in.length + query.has.length > 0 || before !== null || after !== null,
    unknown: query.unknown,
    beyond,
    mayHold: id => places.length === 0 || places.some(name => isPlace(model, id, name)),
    allows({ authorId, createdAt, body }) {
      const at = Date.parse(createdAt)
      return (
        (from.length === 0 || from.some(name => isPerson(model, authorId, name))) &&
        (before === null || at < before) &&
        (after === null || at >= after) &&
        exact.every(phrase => fold(body ?? '').includes(phrase)) &&
        (!query.has.includes('link') || link.test(body ?? ''))
      )
    },
  }
}

function isPerson(model: Model, id: AccountId, typed: string): boolean {
  if (typed.toLowerCase() === 'me') return id === model.account.id
  const person = model.people.get(id)
  return person !== undefined && isNamed(typed, [person.displayName, person.username])
}

function isPlace(model: Model, id: ConversationId, typed: string): boolean {
  const conversation = model.conversations.get(id)?.conversation
  if (!conversation) return false
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
