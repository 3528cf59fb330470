import type { Person } from '@recado/protocol'
import { useMemo } from 'react'
import { peersOf } from './use-people-search.ts'
import { useMe, usePeople, useSnapshot, useWatchedPresence } from './use-snapshot.ts'

/** So many of those one does not talk with directly are watched; the protocol allows 500 in all. */
const watchedOthers = 100
const shown = 30

/** Who is online now: those one talks with directly first, most recent first, then others this device knows. */
export function useOnlinePeople(): readonly Person[] {
  const me = useMe()
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  const presence = useSnapshot(snapshot => snapshot.presence)
  const people = usePeople()
  const known = useMemo(() => {
    const peers = peersOf(conversations)
    const friends = new Set(peers.map(person => person.id))
    const others = [...people.values()].filter(person => !friends.has(person.id) && person.id !== me.id)
    return { peers, others: others.slice(0, watchedOthers) }
  }, [conversations, people, me.id])
  useWatchedPresence(known.others.map(person => person.id))
  return useMemo(
    () =>
      [...known.peers, ...known.others].filter(person => presence.get(person.id)?.state === 'online').slice(0, shown),
    [known, presence],
  )
}
