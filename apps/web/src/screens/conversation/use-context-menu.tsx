import type { ConversationHandle } from '@recado/client'
import type { Message } from '@recado/protocol'
import { type MouseEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { findMenuOrigin, type OpenedBy } from '../../components/opened-by.ts'
import { lazyPart } from '../../parts/lazy-part.tsx'

const MessageContextMenu = lazyPart(() =>
  import('./message-context-menu.tsx').then(module => module.MessageContextMenu),
)

/** A finger that rests so long, and moves no further than that, asks for the menu. Some browsers send no event for it. */
const longPressMs = 450
const slackPx = 10

interface Target {
  readonly message: Message
  readonly point: { readonly x: number; readonly y: number }
  readonly openedBy: OpenedBy
}

/** One menu for all messages of the list: by the right button, or a long press. */
export function useContextMenu(handle: ConversationHandle) {
  const [target, setTarget] = useState<Target | null>(null)
  const [open, setOpen] = useState(false)
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null)

  const show = (element: EventTarget, point: Target['point'], openedBy: OpenedBy): boolean => {
    const message = findMessage(handle, element)
    if (!message) return false
    setTarget({ message, point, openedBy })
    setOpen(true)
    return true
  }
  const forget = () => {
    if (press.current) clearTimeout(press.current.timer)
    press.current = null
  }
  const handlers = {
    onContextMenu(event: MouseEvent) {
      const selected = window.getSelection()?.isCollapsed === false
      const onLink = event.target instanceof Element && event.target.closest('a') !== null
      const point = { x: event.clientX, y: event.clientY }
      if (!selected && !onLink && show(event.target, point, findMenuOrigin(event))) event.preventDefault()
    },
    onPointerDown({ pointerType, target: element, clientX: x, clientY: y }: PointerEvent) {
      forget()
      if (pointerType !== 'touch') return
      press.current = { x, y, timer: setTimeout(() => show(element, { x, y }, 'pointer'), longPressMs) }
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      const from = press.current
      if (from && Math.hypot(clientX - from.x, clientY - from.y) > slackPx) forget()
    },
    onPointerUp: forget,
    onPointerCancel: forget,
  }
  const menu: ReactNode = target ? <MessageContextMenu {...target} open={open} onClose={() => setOpen(false)} /> : null
  return { handlers, menu }
}

/** The message under an element, unless it was deleted. */
function findMessage(handle: ConversationHandle, element: EventTarget): Message | null {
  const article = element instanceof Element ? element.closest('[data-sequence]') : null
  if (!article) return null
  const sequence = Number(article.getAttribute('data-sequence'))
  const item = handle.getSnapshot().items.find(one => one.type === 'message' && one.message.sequence === sequence)
  return item?.type === 'message' && item.message.body !== null ? item.message : null
}
