import { useEffect } from 'react'
import { useApp } from '../state/app-context.ts'
import { holdKeys } from './hold-keys.ts'

/** Keeps what is typed while something opens over the app for what opens. Loaded after the first screen. */
export function HeldKeys() {
  const { overlay } = useApp()
  useEffect(
    () =>
      overlay.subscribe(() => {
        const asked = overlay.get()
        if (asked) holdKeys({ isWanted: () => overlay.get() === asked, giveUp: () => overlay.set(null) })
      }),
    [overlay],
  )
  return null
}
