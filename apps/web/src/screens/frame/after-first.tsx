import { Alerts } from '../../alerts/alerts.tsx'
import { HeldKeys } from '../../keys/held-keys.tsx'

/** What acts without being seen. Loaded after the first screen. */
export function AfterFirst() {
  return (
    <>
      <HeldKeys />
      <Alerts />
    </>
  )
}
