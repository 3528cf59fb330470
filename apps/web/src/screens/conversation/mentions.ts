/** Mentions while writing: which word is being completed, whom it may mean, and who is mentioned in the end. */
import type { AccountId, Person } from '@recado/protocol'
import { findMention } from './body/split-body.ts'

export interface MentionQuery {
  /** Where the `@` stands. */
  readonly start: number
  readonly text: string
}

export function findMentionQuery(text: string, caret: number): MentionQuery | null {
  const match = /(?:^|[\s(])@([^\s@]{0,40})$/u.exec(text.slice(0, caret))
  return match ? { start: caret - (match[1]?.length ?? 0) - 1, text: match[1] ?? '' } : null
}

/** Those whose username or a word of whose name begins so; at most `most`. */
export function matchPeople(people: readonly Person[], query: string, most: number): readonly Person[] {
  const wanted = query.toLocaleLowerCase()
  const matches = people.filter(
    person =>
      person.username.toLocaleLowerCase().startsWith(wanted) ||
      person.displayName
        .toLocaleLowerCase()
        .split(/\s+/u)
        .some(word => word.startsWith(wanted)),
  )
  return matches.slice(0, most)
}

export function completeMention(text: string, query: MentionQuery, caret: number, username: string) {
  const head = `${text.slice(0, query.start)}@${username} `
  const tail = text.slice(caret).replace(/^ /u, '')
  return { text: head + tail, caret: head.length }
}

/** Who is mentioned in a finished text. At most as many as the protocol takes. */
export function findMentioned(text: string, people: readonly Person[], most = 50): readonly AccountId[] {
  const byName = new Map(people.map(person => [person.username.toLowerCase(), person.id]))
  const names = new Set(byName.keys())
  const found = new Set<AccountId>()
  for (const [, name = ''] of text.matchAll(/(?<![\p{L}\p{N}_@])@([^\s@]+)/gu)) {
    const username = findMention(name, names)
    const id = username === null ? undefined : byName.get(username)
    if (id !== undefined) found.add(id)
  }
  return [...found].slice(0, most)
}
