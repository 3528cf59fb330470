import { useLingui } from '@lingui/react/macro'
import type { Conversation, Person } from '@recado/protocol'
import { useTimes } from '../../i18n/use-times.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'

/** Of the other person of a direct chat. */
export function PresenceWords({ conversation: { peer } }: { readonly conversation: Conversation }) {
  return peer ? <PersonPresence person={peer} /> : null
}

/** Here, away, or when last seen. While one is offline oneself nobody's presence is known. */
export function PersonPresence({ person }: { readonly person: Person }) {
  const { t } = useLingui()
  const times = useTimes()
  const online = useSnapshot(snapshot => snapshot.connection.state === 'online')
  const presence = useSnapshot(snapshot => snapshot.presence.get(person.id) ?? null)
  if (!online) return null
  if (presence?.state === 'online') return <span className="text-present-ink">{t`online`}</span>
  if (presence?.state === 'away') return <>{t`away`}</>
  const seen = presence?.lastSeenAt ?? person.lastSeenAt
  if (!seen) return <>{t`offline`}</>
  const ago = times.ago(seen)
  return <span title={times.exact(seen)}>{t`last seen ${ago}`}</span>
}
