import { useLingui } from '@lingui/react/macro'
import type { Person } from '@recado/protocol'
import { useMemo } from 'react'
import { findMentionQuery, matchPeople } from '../mentions.ts'
import { type CompletionSource, shownSuggestions } from './completion.ts'

/** `@` and the beginning of a name: who may be mentioned. */
export function useMentionSource(people: readonly Person[]): CompletionSource {
  const { t } = useLingui()
  return useMemo(
    () => ({
      title: t`People to mention`,
      find: findMentionQuery,
      suggest: query =>
        matchPeople(people, query, shownSuggestions).map(({ id, username, displayName }) => ({
          key: String(id),
          face: { type: 'person', id },
          label: displayName,
          detail: `@${username}`,
          insert: `@${username}`,
        })),
    }),
    [people, t],
  )
}
