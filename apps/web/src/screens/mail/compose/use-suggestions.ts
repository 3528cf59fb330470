/** Groups and people whose names begin so, as recipients. */
import type { DraftRecipient } from '@recado/client'
import { useMemo } from 'react'
import { fold } from '../../../state/fold.ts'
import { usePeopleSearch } from '../../../state/use-people-search.ts'
import { useMe, useSnapshot } from '../../../state/use-snapshot.ts'

export interface RecipientSuggestion {
  readonly key: string
  readonly kind: 'person' | 'group'
  readonly id: number
  readonly name: string
  /** Of a person the username. */
  readonly detail: string | null
  readonly members: number
  readonly recipient: DraftRecipient
}

const mostGroups = 3
const mostPeople = 6

export function useSuggestions(query: string, taken: readonly DraftRecipient[]): readonly RecipientSuggestion[] {
  const me = useMe()
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  const search = usePeopleSearch(query)
  return useMemo(() => {
    const wanted = fold(query.trim())
    if (wanted === '') return []
    const takenKeys = new Set(taken.map(recipient => JSON.stringify(recipient)))
    const free = ({ recipient }: RecipientSuggestion) => !takenKeys.has(JSON.stringify(recipient))
    const groups = conversations.flatMap(({ id, conversation }): readonly RecipientSuggestion[] =>
      conversation.kind === 'group' && matches(conversation.name ?? '', wanted)
        ? [
            {
              key: `group ${id}`,
              kind: 'group',
              id,
              name: conversation.name ?? '',
              detail: null,
              members: conversation.memberCount,
              recipient: { conversationId: id },
            },
          ]
        : [],
    )
    const own = [me.displayName, me.username].some(name => matches(name, wanted)) ? [me] : []
    const people = [...search.people, ...own].map(
      ({ id, username, displayName }): RecipientSuggestion => ({
        key: `person ${id}`,
        kind: 'person',
        id,
        name: displayName,
        detail: `@${username}`,
        members: 1,
        recipient: { accountId: id },
      }),
    )
    return [...people.filter(free).slice(0, mostPeople), ...groups.filter(free).slice(0, mostGroups)]
  }, [conversations, me, query, search.people, taken])
}

/** Some word of the name begins with what was typed. */
function matches(name: string, wanted: string): boolean {
  const folded = fold(name)
  return folded.startsWith(wanted) || folded.includes(` ${wanted}`)
}
