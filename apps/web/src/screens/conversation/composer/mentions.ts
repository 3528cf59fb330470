/** Mentions while writing: which word is being completed, whom it may mean, and who is mentioned in the end. */
import type { AccountId, Person } from '@recado/protocol'
import { fold } from '../../../state/fold.ts'
import { findMention } from '../body/split-body.ts'
import type { CompletionQuery } from './completion/completion.ts'

export function findMentionQuery(text: string, caret: number): CompletionQuery | null {
  const match = /(?:^|[\s(])@([^\s@]{0,40})$/u.exec(text.slice(Math.max(0, caret - 64), caret))
  return match ? { start: caret - (match[1]?.length ?? 0) - 1, text: match[1] ?? '' } : null
}

/** Those whose username or a word of whose name begins so; at most `most`. Accents do not matter. */
export function matchPeople(people: readonly Person[], query: string, most: number): readonly Person[] {
  const wanted = fold(query)
  const found: Person[] = []
  for (const person of people) {
    if (found.length === most) break
    if (begins(person, wanted)) found.push(person)
  }
  return found
}

function begins({ username, displayName }: Person, wanted: string): boolean {
  if (username.toLowerCase().startsWith(wanted)) return true
  return fold(displayName)
    .split(/\s+/u)
    .some(word => word.startsWith(wanted))
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
