/** Everybody one can write to: search, and the people one already talks with. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { TextField } from '../../components/text-field.tsx'
import { useOpenDirect } from '../../state/use-open-direct.ts'
import { peersOf } from '../../state/use-people-search.ts'
import { useSnapshot, useWatchedPresence } from '../../state/use-snapshot.ts'
import { PeopleResults } from '../chats/people-results.tsx'
import { ConnectionMark } from '../frame/connection-mark.tsx'

const watchedPeers = 200

export function PeopleScreen() {
  const { t } = useLingui()
  const [query, setQuery] = useState('')
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  const openDirect = useOpenDirect()
  useWatchedPresence(
    peersOf(conversations)
      .slice(0, watchedPeers)
      .map(person => person.id),
  )
  return (
    <main className="min-h-0 flex-1 overflow-y-auto bg-paper">
      <div className="mx-auto max-w-xl px-3 pb-8 md:pt-6">
        <h1 className="flex h-14 items-center px-1 font-semibold text-title md:text-display">
          <Trans>People</Trans>
        </h1>
        <ConnectionMark shape="line" />
        <TextField
          label={t`Find somebody`}
          type="search"
          dir="auto"
          value={query}
          onChange={event => setQuery(event.target.value)}
          placeholder={t`Name, username or e-mail`}
          autoComplete="off"
          className="px-1 pb-3"
        />
        <PeopleResults query={query} onChoose={openDirect} profiles="shown" />
      </div>
    </main>
  )
}
