import { Trans } from '@lingui/react/macro'
import { EmptyState } from '../../components/empty-state.tsx'
import { useConversationName } from '../../state/names.ts'
import { useDesk } from './desk.ts'

export function NoMessages() {
  const { conversation } = useDesk()
  const name = <bdi className="font-semibold text-ink">{useConversationName(conversation)}</bdi>
  return (
    <div className="flex min-h-0 flex-1">
      <EmptyState>
        <Trans>Nothing here yet. Leave {name} the first message.</Trans>
      </EmptyState>
    </div>
  )
}
