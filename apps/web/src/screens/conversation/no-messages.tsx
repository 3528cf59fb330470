import { Trans } from '@lingui/react/macro'
import { useEffect } from 'react'
import { EmptyState } from '../../components/empty-state.tsx'
import { useAttention } from '../../state/attention.ts'
import { useConversationName } from '../../state/names.ts'
import { useDesk } from './desk.ts'

export function NoMessages() {
  const { conversation, handle } = useDesk()
  const attentive = useAttention()
  const head = conversation?.head.sequence ?? 0
  // There is no message to come on screen: looking at it is reading it, where it was marked as unread.
  useEffect(() => {
    if (attentive && head > 0) handle.markRead(head)
  }, [attentive, handle, head])
  const name = <bdi className="font-semibold text-ink">{useConversationName(conversation)}</bdi>
  return (
    <div className="flex min-h-0 flex-1">
      <EmptyState>
        <Trans>Nothing here yet. Leave {name} the first message.</Trans>
      </EmptyState>
    </div>
  )
}
