/**
 * The part that shows mark-up, asked for with the first conversation. Not React's `lazy`: that draws every message without it
 * first, also when it is there, and brings it up to a third of a second later, while one reads or scrolls.
 */
import { type ComponentType, useSyncExternalStore } from 'react'
import { createStore } from '../../../state/store.ts'
import type { MarkupBodyProps } from './markup-body.tsx'

const part = createStore<{ readonly Body: ComponentType<MarkupBodyProps> | null }>({ Body: null })

/** What cannot be loaded, offline for example, is tried again with the next conversation. Until then text is shown as written. */
export function loadMarkup(): void {
  if (part.get().Body) return
  import('./markup-body.tsx').then(
    module => part.set({ Body: module.MarkupBody }),
    () => undefined,
  )
}

/** Null until it is there. */
export function useMarkup(): ComponentType<MarkupBodyProps> | null {
  return useSyncExternalStore(part.subscribe, part.get).Body
}
