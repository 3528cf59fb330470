import { Trans } from '@lingui/react/macro'
import { Section } from './section.tsx'

export function About() {
  const version = import.meta.env.RECADO_VERSION
  const server = window.location.host
  return (
    <Section id="about" title={<Trans>About</Trans>}>
      <p>
        <Trans>
          Recado {version} on <bdi>{server}</bdi>
        </Trans>
      </p>
      <p className="text-ink-muted text-meta">
        <Trans>Free software under the Apache License 2.0.</Trans>
      </p>
    </Section>
  )
}
