import { Trans } from '@lingui/react/macro'
import { Loading } from '../../components/skeleton.tsx'

/** Both are as high as `edgeHeight` of the window, so that nothing jumps when one replaces the other. */
export function OlderLoading() {
  return (
    <Loading className="flex h-14 shrink-0 items-center">
      <div className="skeleton h-9 w-56 rounded-lg" />
    </Loading>
  )
}

export function BeginningOfHistory() {
  return (
    <p className="flex h-14 shrink-0 items-center justify-center text-fine text-ink-muted">
      <Trans>This is where it begins.</Trans>
    </p>
  )
}
