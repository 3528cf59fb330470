import { Trans } from '@lingui/react/macro'

export function NotLoaded() {
  return (
    <p role="alert" className="px-4 py-10 text-center text-ink-muted">
      <Trans>The emoji could not be fetched. Once the connection is back, open this again.</Trans>
    </p>
  )
}
