/**
 * What lies on top of a screen is an entry of the browser's history while it is open: the back button, a phone's back
 * gesture and Esc do the same. Whoever goes somewhere from it takes its entry's place (`keepOverlaysOut`), so going back
 * from there does not lead to a closed dialog.
 *
 * The entry is known by an id in the location's state, which the address does not show.
 */
import { type HistoryLocation, type RouterHistory, useRouter } from '@tanstack/react-router'
import { useEffect, useId, useRef } from 'react'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The ids of what lies on top, the topmost last. */
    readonly overlays?: readonly string[]
  }
}

function overlaysOf(location: HistoryLocation): readonly string[] {
  return location.state.overlays ?? []
}

export function useHistoryEntry(open: boolean, onClose: () => void): void {
  const history = useRouter({ warn: false })?.history
  const id = useId()
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => {
    if (!open || !history) return
    history.push(history.location.href, { overlays: [...overlaysOf(history.location), id] })
    const unsubscribe = history.subscribe(({ location }) => {
      if (!overlaysOf(location).includes(id)) close.current()
    })
    return () => {
      unsubscribe()
      // Later, because what closed it may be on its way somewhere, and that takes the entry's place.
      setTimeout(() => {
        if (overlaysOf(history.location).at(-1) === id) history.back()
      })
    }
  }, [open, history, id])
}

/** Makes going somewhere from an overlay replace its entry. What a reload left of one is forgotten. */
export function keepOverlaysOut(history: RouterHistory): RouterHistory {
  const push = history.push
  history.push = (path, state, options) => {
    const leaving = overlaysOf(history.location).length > 0 && !state?.overlays
    return leaving ? history.replace(path, state, options) : push(path, state, options)
  }
  if (overlaysOf(history.location).length > 0) history.replace(history.location.href, {})
  return history
}
