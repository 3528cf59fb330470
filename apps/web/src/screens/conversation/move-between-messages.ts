import type { KeyboardEvent } from 'react'

/** Up and Down go from message to message while one has the focus; Home and End to the first and last on screen. */
export function moveBetweenMessages(event: KeyboardEvent<HTMLElement>): void {
  const target = event.target as Element
  if (!(target instanceof HTMLElement) || target.tagName !== 'ARTICLE') return
  const articles = [...event.currentTarget.querySelectorAll<HTMLElement>('article')].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  )
  const index = articles.indexOf(target)
  const next = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: articles.length - 1 }[event.key]
  const article = next === undefined ? undefined : articles[next]
  if (!article) return
  event.preventDefault()
  article.focus()
  article.scrollIntoView({ block: 'nearest' })
}
