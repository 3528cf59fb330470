import { Trans } from '@lingui/react/macro'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { Button } from '../components/button.tsx'
import { EmptyState } from '../components/empty-state.tsx'
import { useApp } from '../state/app-context.ts'
import { useSnapshot } from '../state/use-snapshot.ts'
import { PartMissingError } from './part-missing-error.ts'

/** In the place of a screen that could not be loaded, or that failed: what happened, what is safe, what to do. */
export function ScreenError({ error, reset }: ErrorComponentProps) {
  return (
    <main className="flex min-h-0 flex-1 self-stretch bg-paper" role="alert">
      {error instanceof PartMissingError ? <Missing error={error} reset={reset} /> : <Failed error={error} />}
    </main>
  )
}

function Missing({ error, reset }: { readonly error: PartMissingError; readonly reset: () => void }) {
  const online = useSnapshot(snapshot => snapshot.connection.state === 'online')
  const again = () => {
    error.forget()
    reset()
  }
  if (online) {
    return (
      <EmptyState action={<Reload />}>
        <Trans>This screen could not be loaded. The server may have a newer version. What you wrote is kept.</Trans>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      action={
        <Button onClick={again}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      <Trans>This screen is not on this device yet, and there is no connection.</Trans>
    </EmptyState>
  )
}

function Failed({ error }: { readonly error: unknown }) {
  return (
    <EmptyState
      action={
        <>
          <Reload />
          <details className="max-w-full text-ink-muted text-meta">
            <summary className="min-h-11 cursor-pointer content-center">
              <Trans>Details</Trans>
            </summary>
            <pre className="max-h-40 overflow-auto whitespace-pre-wrap text-start">{String(error)}</pre>
          </details>
        </>
      }
    >
      <Trans>Something went wrong on this screen. What you wrote is kept.</Trans>
    </EmptyState>
  )
}

function Reload() {
  const { updates } = useApp()
  return (
    <Button tone="primary" onClick={() => void updates.reload()}>
      <Trans>Reload</Trans>
    </Button>
  )
}
