import { Trans } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '../../components/empty-state.tsx'

export function NotFound() {
  return (
    <main className="flex h-dvh bg-paper">
      <EmptyState
        action={
          <Link
            to="/app/chats"
            className="inline-flex min-h-11 items-center font-semibold text-wax-ink underline underline-offset-4"
          >
            <Trans>Go to your chats</Trans>
          </Link>
        }
      >
        <Trans>There is nothing at this address.</Trans>
      </EmptyState>
    </main>
  )
}
