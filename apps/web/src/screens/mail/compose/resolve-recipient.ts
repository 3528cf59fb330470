/** Finds whom a typed name means, if it is exactly one. */
import type { Client, DraftRecipient } from '@recado/client'
import { fold } from '../../../state/fold.ts'

export async function resolveRecipient(client: Client, typed: string): Promise<DraftRecipient> {
  const wanted = fold(typed.replace(/^@/u, '').trim())
  const { conversations } = client.getSnapshot()
  const groups = conversations.filter(
    ({ conversation }) => conversation.kind === 'group' && fold(conversation.name ?? '') === wanted,
  )
  const people = await client.searchPeople(typed.replace(/^@/u, '').trim()).catch(() => [])
  const named = people.filter(({ username }) => fold(username) === wanted)
  const exact = named.length > 0 ? named : people.filter(({ displayName }) => fold(displayName) === wanted)
  const [person] = exact
  const [group] = groups
  if (person && exact.length === 1 && (named.length > 0 || groups.length === 0)) return { accountId: person.id }
  if (group && groups.length === 1 && exact.length === 0) return { conversationId: group.id }
  // An e-mail address finds its owner, whose name is another.
  const [only] = people
  if (only && people.length === 1 && typed.includes('@') && !typed.startsWith('@')) return { accountId: only.id }
  return { typed }
}

/** Each recipient once: a name that turns out to be somebody who is there already adds nobody. */
export function addRecipients(
  before: readonly DraftRecipient[],
  added: readonly DraftRecipient[],
): readonly DraftRecipient[] {
  const keys = new Set(before.map(recipient => JSON.stringify(recipient)))
  return [...before, ...added.filter(recipient => !keys.has(JSON.stringify(recipient)))]
}
