/** Who is in a group that a mail went to: for its author those it reached, else its members as of now. */
import { Trans } from '@lingui/react/macro'
import type { ConversationId, Delivery, Member } from '@recado/protocol'
import { useEffect, useState } from 'react'
import { Avatar } from '../../../components/avatar.tsx'
import { RowSkeletons } from '../../../components/skeleton.tsx'
import { useClient } from '../../../state/app-context.ts'
import { DeliveryRow } from './delivery-list.tsx'

interface GroupMembersProps {
  readonly conversationId: ConversationId
  readonly deliveries: readonly Delivery[] | null
}

export function GroupMembers({ conversationId, deliveries }: GroupMembersProps) {
  const reached = deliveries?.filter(({ via, accountId }) => via === conversationId && accountId !== null) ?? []
  if (reached.length === 0) return <Members conversationId={conversationId} />
  return (
    <ul className="min-h-0 overflow-y-auto">
      {reached.map(delivery => (
        <li key={delivery.number}>
          <DeliveryRow delivery={delivery} />
        </li>
      ))}
    </ul>
  )
}

function Members({ conversationId }: Pick<GroupMembersProps, 'conversationId'>) {
  const client = useClient()
  const [members, setMembers] = useState<readonly Member[] | 'unknown' | 'hidden'>('unknown')
  useEffect(() => {
    let current = true
    client.listMembers(conversationId).then(
      ({ items }) => current && setMembers(items),
      () => current && setMembers('hidden'),
    )
    return () => {
      current = false
    }
  }, [client, conversationId])
  if (members === 'unknown') return <RowSkeletons count={2} />
  if (members === 'hidden') {
    return (
      <p className="px-2.5 pb-2 text-ink-muted">
        <Trans>Its members show to its members only.</Trans>
      </p>
    )
  }
  return (
    <ul className="min-h-0 overflow-y-auto">
      {members.map(({ person }) => (
        <li key={person.id} className="flex min-h-10 items-center gap-2.5 px-2.5 py-1">
          <Avatar id={person.id} name={person.displayName} size="xs" />
          <bdi className="one-line min-w-0">{person.displayName}</bdi>
        </li>
      ))}
    </ul>
  )
}
