import type { ConversationSnapshot } from '@recado/client'
import type { Person } from '@recado/protocol'
import { useMemo } from 'react'
import { useMe } from '../../../state/use-snapshot.ts'

/** Whom one may mention here: the members, without oneself. */
export function useMentionable({ view, members }: ConversationSnapshot): readonly Person[] {
  const me = useMe()
  const peer = view?.conversation.peer ?? null
  return useMemo(() => {
    const people = members ? members.map(member => member.person) : peer ? [peer] : []
    return people.filter(person => person.id !== me.id)
  }, [members, peer, me.id])
}
