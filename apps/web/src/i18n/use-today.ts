import { useSyncExternalStore } from 'react'

const dayMs = 86_400_000

/** Calls at midnight, and when a page that slept through it is shown again. */
function subscribe(listener: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>
  const wait = () => {
    const now = new Date()
    const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)
    timer = setTimeout(turn, Math.min(tomorrow.getTime() - now.getTime(), dayMs))
  }
  const turn = () => {
    wait()
    listener()
  }
  wait()
  document.addEventListener('visibilitychange', listener)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', listener)
  }
}

/** The day it is, so that what says "today" changes at midnight. */
export function useToday(): string {
  return useSyncExternalStore(subscribe, () => new Date().toDateString())
}
