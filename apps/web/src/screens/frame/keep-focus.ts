/**
 * Focus is never lost. When what had it goes away (a row that was archived, the toolbar of a message that was deleted, a
 * panel that was closed), browsers leave it on the page as a whole, and whoever works by keyboard or by ear starts over
 * at the top. Here it goes to what is nearest: the neighbour in the same list, else the part of the screen it was in.
 *
 * What hands focus on by itself (dialogs, menus, the composer) has a frame's time to do so first.
 */
import { useEffect } from 'react'

interface Place {
  readonly element: Element
  /** What it was in, from the inside out: gone elements do not know any more. */
  readonly within: readonly Element[]
  readonly top: number
}

/** So many steps back: a button, the menu it opened, the entry of it, and some to spare. */
const remembered = 6
const lists = 'ul, [role=feed], [role=list]'
const parts = 'article, aside, main, section[aria-label], [role=dialog]'
const around = `${lists}, ${parts}`
const stops = 'a[href], button:not(:disabled), input:not(:disabled), textarea, [tabindex="0"]'

export function useKeptFocus(): void {
  useEffect(() => {
    let places: readonly Place[] = []
    let frame = 0
    const remember = ({ target }: FocusEvent) => {
      if (target instanceof Element) places = [describe(target), ...places.slice(0, remembered - 1)]
    }
    const isLost = () => {
      const [last] = places
      return last !== undefined && document.activeElement === document.body && !isThere(last.element)
    }
    const look = () => {
      if (frame || !isLost()) return
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(() => {
          frame = 0
          if (isLost()) focusNear(places)
        })
      })
    }
    const observer = new MutationObserver(look)
    observer.observe(document.body, { childList: true, subtree: true })
    document.addEventListener('focusin', remember)
    return () => {
      observer.disconnect()
      document.removeEventListener('focusin', remember)
      cancelAnimationFrame(frame)
    }
  }, [])
}

function describe(element: Element): Place {
  const within: Element[] = []
  for (let at = element.parentElement; at; at = at.parentElement) within.push(at)
  return { element, within, top: element.getBoundingClientRect().top }
}

function isThere(element: Element): boolean {
  return element.isConnected && element.checkVisibility()
}

/** A menu is gone as a whole, and with it what opened it: then it is where one was before both. */
function focusNear(places: readonly Place[]): void {
  for (const { within, top } of places) {
    const place = within.find(element => element.matches(around) && isThere(element))
    if (!place) continue
    const neighbour = place.matches(lists) ? nearest([...place.querySelectorAll<HTMLElement>(stops)], top) : place
    if (neighbour instanceof HTMLElement) {
      focusPart(neighbour)
      return
    }
  }
  const part = [...document.querySelectorAll<HTMLElement>(parts)].find(isThere)
  if (part) focusPart(part)
}

function nearest(elements: readonly HTMLElement[], top: number): HTMLElement | undefined {
  const distance = (element: Element) => Math.abs(element.getBoundingClientRect().top - top)
  return elements.filter(isThere).toSorted((a, b) => distance(a) - distance(b))[0]
}

/** Gives the focus to what may be a part of the screen as a whole, from where the Tab key goes on into it. */
export function focusPart(part: HTMLElement): void {
  if (part.tabIndex < 0 && !part.hasAttribute('tabindex')) part.tabIndex = -1
  part.focus({ preventScroll: true })
}
