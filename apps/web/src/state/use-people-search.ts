import type { Person } from '@recado/protocol'
import { useEffect, useState } from 'react'
import { useClient } from './app-context.ts'
import { useMe } from './use-snapshot.ts'

/** Typing rests so long before the server is asked. */
const restMs = 160

export interface PeopleSearch {
  readonly state: 'idle' | 'searching' | 'found' | 'failed'
  /** Without oneself. The last answer stays while the next is on its way. */
  readonly people: readonly Person[]
}

export function usePeopleSearch(query: string): PeopleSearch {
  const client = useClient()
  const me = useMe()
  const [search, setSearch] = useState<PeopleSearch>({ state: 'idle', people: [] })
  const wanted = query.trim()
  useEffect(() => {
    if (wanted === '') return setSearch({ state: 'idle', people: [] })
    let current = true
    setSearch(({ people }) => ({ state: 'searching', people }))
    const timer = setTimeout(async () => {
      try {
        const found = await client.searchPeople(wanted)
        if (current) setSearch({ state: 'found', people: found.filter(person => person.id !== me.id) })
      } catch {
        if (current) setSearch({ state: 'failed', people: [] })
      }
    }, restMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [client, me.id, wanted])
  return search
}

/** People one talks with directly: whom to offer before anything is typed. */
export function peersOf(conversations: readonly { conversation: { peer: Person | null } }[]): readonly Person[] {
  return conversations.flatMap(({ conversation }) => (conversation.peer ? [conversation.peer] : []))
}
