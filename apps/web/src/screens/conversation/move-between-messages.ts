import type { KeyboardEvent } from 'react'
import { isKey } from '../../keys/match-key.ts'

/** Up and Down go from message to message while one has the focus; Home and End to the first and last on screen. */
export function moveBetweenMessages(event: KeyboardEvent<HTMLElement>): void {
  const target = event.target as Element
  if (!(target instanceof HTMLElement) || target.tagName !== 'ARTICLE') return
  const articles = [...event.currentTarget.querySelectorAll<HTMLElement>('article')].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  )
  const index = articles.indexOf(target)
  const press = event.nativeEvent
  let next = -1
  if (isKey(press, 'messageAbove')) next = index - 1
  else if (isKey(press, 'messageBelow')) next = index + 1
  else if (isKey(press, 'firstMessage')) next = 0
  else if (isKey(press, 'lastMessage')) next = articles.length - 1
  const article = articles[next]
  if (!article) return
  event.preventDefault()
  article.focus()
  article.scrollIntoView({ block: 'nearest' })
}
