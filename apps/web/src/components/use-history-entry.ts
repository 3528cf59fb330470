/**
 * What lies on top of a screen is an entry of the browser's history while it is open: the back button, a phone's back
 * gesture and Esc do the same. Whoever goes somewhere from it takes its entry's place (`keepOverlaysOut`), so going back
 * from there does not lead to a closed dialog.
 *
 * The entry is known by an id in the location's state, which the address does not show.
 */
import { type HistoryLocation, type RouterHistory, useRouter } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

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
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => (open && history ? enter(history, () => close.current()) : undefined), [open, history])
}

/** Entries of what was closed in this very turn; where what closed it goes, or what is opened next, takes their place. */
const closed = new Set<string>()
/** Browsers go back some time after they were told to. */
const goingBack = new WeakSet<RouterHistory>()

let opened = 0

/** Each opening has an entry of its own, told from those of pages loaded before. Returns what closes it. */
function enter(history: RouterHistory, onLeft: () => void): () => void {
  opened += 1
  const id = `${performance.timeOrigin} ${opened}`
  const begin = () => {
    const below = overlaysOf(history.location)
    const top = below.at(-1)
    if (top !== undefined && closed.delete(top)) {
      history.replace(history.location.href, { overlays: [...below.slice(0, -1), id] })
    } else history.push(history.location.href, { overlays: [...below, id] })
    return history.subscribe(({ location }) => {
      if (!overlaysOf(location).includes(id)) onLeft()
    })
  }
  let stop = goingBack.has(history) ? onceBack(history, () => (stop = begin())) : begin()
  return () => {
    stop()
    closed.add(id)
    setTimeout(() => {
      if (!closed.delete(id) || overlaysOf(history.location).at(-1) !== id) return
      goingBack.add(history)
      onceBack(history, () => goingBack.delete(history))
      history.back()
    })
  }
}

function onceBack(history: RouterHistory, run: () => void): () => void {
  const stop = history.subscribe(({ action }) => {
    if (action.type === 'PUSH' || action.type === 'REPLACE') return
    stop()
    run()
  })
  return stop
}

/**
 * Makes going somewhere from an overlay replace its entry, or wait until the browser has left it: a step back that comes late
 * would leave the place again. What a reload left of one is forgotten.
 */
export function keepOverlaysOut(history: RouterHistory): RouterHistory {
  const push = history.push
  history.push = (path, state, options) => {
    if (goingBack.has(history)) return void onceBack(history, () => history.push(path, state, options))
    const leaving = overlaysOf(history.location).length > 0 && !state?.overlays
    return leaving ? history.replace(path, state, options) : push(path, state, options)
  }
  if (overlaysOf(history.location).length > 0) history.replace(history.location.href, {})
  return history
}
