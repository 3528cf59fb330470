import type { Client } from '@recado/client'
import { useEffect, useSyncExternalStore } from 'react'

/** Nobody touched anything for so long: the person is away. */
const awayAfterMs = 5 * 60_000

function subscribe(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  window.addEventListener('focus', listener)
  window.addEventListener('blur', listener)
  return () => {
    document.removeEventListener('visibilitychange', listener)
    window.removeEventListener('focus', listener)
    window.removeEventListener('blur', listener)
  }
}

function isAttentive(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}

/** Whether somebody can be reading: the window is visible and has the focus. What counts for read receipts. */
export function useAttention(): boolean {
  return useSyncExternalStore(subscribe, isAttentive)
}

/** Tells the server whether the person is here: here while the page is visible and was touched lately. */
export function usePresenceReports(client: Client, enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let told: 'online' | 'away' | null = null
    const tell = (state: 'online' | 'away') => {
      if (told === state) return
      told = state
      client.setPresence(state)
    }
    const touched = () => {
      clearTimeout(timer)
      if (document.visibilityState !== 'visible') return tell('away')
      tell('online')
      timer = setTimeout(() => tell('away'), awayAfterMs)
    }
    const events = ['pointerdown', 'keydown', 'focus', 'wheel'] as const
    for (const event of events) window.addEventListener(event, touched, { passive: true })
    document.addEventListener('visibilitychange', touched)
    touched()
    return () => {
      clearTimeout(timer)
      for (const event of events) window.removeEventListener(event, touched)
      document.removeEventListener('visibilitychange', touched)
    }
  }, [client, enabled])
}
