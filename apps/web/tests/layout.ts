/** What a screen does to those who look at it closely. What runs in the page says where, as it would be searched for. */
import type { Page } from 'playwright-core'

/** What does not fit for longer than a moment: what grew, or whose window changed, is placed anew a few frames later. */
export async function findLastingOverflow(page: Page): Promise<readonly string[]> {
  const until = performance.now() + 10_000
  let found = await page.evaluate(findOverflow)
  while (found.length > 0 && performance.now() < until) {
    await page.waitForTimeout(50)
    found = await page.evaluate(findOverflow)
  }
  return found
}

/** Words that are cut off, parts beyond the window, and what scrolls sideways though nobody asked for it. */
export function findOverflow(): string[] {
  const found = new Set<string>()
  const width = document.documentElement.clientWidth
  const isHidden = (element: Element) => {
    const { clipPath, position, opacity } = getComputedStyle(element)
    return (position === 'absolute' && clipPath === 'inset(50%)') || opacity === '0'
  }
  const name = (element: Element) => {
    const label = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40)
    return `${element.tagName.toLowerCase()}.${element.className.toString().split(' ').slice(0, 4).join('.')} ${label}`
  }
  /** Whoever wrote it may have written more than fits. */
  const isSpoken = (element: Element) =>
    element.closest('bdi, [dir=auto]') !== null || element.querySelector('bdi') !== null
  const scrolls = (element: Element) => element.matches('pre, nav > ul, [role=group], [role=toolbar]')

  function* ancestorsOf(element: Element) {
    for (let at = element.parentElement; at; at = at.parentElement) yield at
  }

  const check = (text: Text) => {
    const parent = text.parentElement
    if (!parent?.checkVisibility() || parent.closest('[inert], noscript')) return
    const range = document.createRange()
    range.selectNodeContents(text)
    const box = range.getBoundingClientRect()
    if (box.width === 0) return
    let scrolledTo = false
    for (let at: Element | null = parent; at; at = at.parentElement) {
      if (isHidden(at)) return
      scrolledTo ||= at.scrollHeight > at.clientHeight && /auto|scroll/u.test(getComputedStyle(at).overflowY)
      const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(at)
      if (overflowX === 'visible') continue
      if (at.scrollWidth > at.clientWidth + 1) {
        if (textOverflow === 'ellipsis' || webkitLineClamp !== 'none') {
          if (!isSpoken(at)) found.add(`cut short: ${name(at)}`)
          return
        }
        if (scrolls(at)) return
        found.add(`wider than its place: ${name(at)} because of ${name(parent)}`)
        return
      }
      const clip = at.getBoundingClientRect()
      if (!scrolledTo && overflowY === 'hidden' && webkitLineClamp === 'none' && box.bottom > clip.bottom + 2) {
        const all = at === document.body || at.contains(document.querySelector('main'))
        if (!all) found.add(`cut off below: ${name(parent)} in ${name(at)}`)
      }
    }
    if (box.right > width + 1 || box.left < -1) found.add(`beyond the window: ${name(parent)}`)
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) check(walker.currentNode as Text)
  for (const element of document.querySelectorAll('button, a, input, textarea, img, svg, [role=menuitem]')) {
    const box = element.getBoundingClientRect()
    if (!element.checkVisibility() || box.width === 0 || element.closest('[inert]') || isHidden(element)) continue
    const scrolled = [...ancestorsOf(element)].some(
      one => one.scrollHeight > one.clientHeight && /auto|scroll/u.test(getComputedStyle(one).overflowY),
    )
    if (!scrolled && (box.top < -1 || box.bottom > document.documentElement.clientHeight + 1)) {
      found.add(`above or below the window: ${name(element)}`)
    }
    const inScroller = [...document.querySelectorAll('pre, nav > ul, [role=group], [role=toolbar]')].some(one =>
      one.contains(element),
    )
    if (!inScroller && (box.right > width + 1 || box.left < -1)) found.add(`beyond the window: ${name(element)}`)
  }
  if (document.documentElement.scrollWidth > width) found.add('the page scrolls sideways')
  return [...found]
}

/** What is smaller than 44 px in either direction, with what a pseudo-element adds; links within running text may be. */
export function findSmallTargets(): string[] {
  const least = 44
  const controls =
    'button, a[href], input, select, textarea, [role=menuitem], [role=option], [role=switch], label:has(input)'
  const added = (element: Element, side: 'top' | 'right' | 'bottom' | 'left') => {
    const style = getComputedStyle(element, '::before')
    return style.position === 'absolute' && style.content !== 'none' ? Math.max(0, -Number.parseFloat(style[side])) : 0
  }
  return [...document.querySelectorAll<HTMLElement>(controls)].flatMap(element => {
    const box = element.getBoundingClientRect()
    const unseen =
      !element.checkVisibility() || element.closest('[inert], [aria-hidden=true]') !== null || box.width <= 1
    const inText = element.matches('[id$="-what"] a, p a, label input')
    if (unseen || inText) return []
    const width = box.width + added(element, 'left') + added(element, 'right')
    const height = box.height + added(element, 'top') + added(element, 'bottom')
    if (width >= least - 0.5 && height >= least - 0.5) return []
    const label = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40)
    return [`${Math.round(width)}×${Math.round(height)} ${element.tagName.toLowerCase()} ${label}`]
  })
}
