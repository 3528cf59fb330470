import { Trans } from '@lingui/react/macro'
import { EmptyState } from '../../components/empty-state.tsx'
import { useSnapshot } from '../../state/use-snapshot.ts'

/** Beside the list, while no conversation is open. */
export function NoConversation() {
  const some = useSnapshot(snapshot => snapshot.conversations.length > 0)
  return (
    <main className="flex flex-1 bg-paper">
      <EmptyState>
        {some ? (
          <Trans>Choose a chat to go on reading and writing.</Trans>
        ) : (
          <Trans>What you write to one another will appear here.</Trans>
        )}
      </EmptyState>
    </main>
  )
}
