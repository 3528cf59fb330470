import { useLingui } from '@lingui/react/macro'
import type { Conversation } from '@recado/protocol'
import { useTimes } from '../../i18n/use-times.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'

/** Here, away, or when last seen. While one is offline oneself nobody's presence is known. */
export function PresenceWords({ conversation }: { readonly conversation: Conversation }) {
  const { t } = useLingui()
  const times = useTimes()
  const online = useSnapshot(snapshot => snapshot.connection.state === 'online')
  const peer = conversation.peer
  const presence = useSnapshot(snapshot => (peer ? (snapshot.presence.get(peer.id) ?? null) : null))
  if (!peer || !online) return null
  if (presence?.state === 'online') return <span className="text-present-ink">{t`online`}</span>
  if (presence?.state === 'away') return <>{t`away`}</>
  const seen = presence?.lastSeenAt ?? peer.lastSeenAt
  if (!seen) return <>{t`offline`}</>
  const ago = times.ago(seen)
  return <span title={times.exact(seen)}>{t`last seen ${ago}`}</span>
}
