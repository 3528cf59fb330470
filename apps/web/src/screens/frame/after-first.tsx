import { Alerts } from '../../alerts/alerts.tsx'
import { HeldKeys } from '../../keys/held-keys.tsx'
import { lazyPart } from '../../parts/lazy-part.tsx'

const ComposeHost = lazyPart(() => import('../mail/compose/compose-host.tsx').then(module => module.ComposeHost))

/** What acts without being seen. Loaded after the first screen. */
export function AfterFirst() {
  return (
    <>
      <HeldKeys />
      <Alerts />
      <ComposeHost />
    </>
  )
}
