import type { ConversationView } from '@recado/client'
import { type MouseEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { findMenuOrigin, type OpenedBy } from '../../components/opened-by.ts'
import { lazyPart } from '../../parts/lazy-part.tsx'
import type { ChatActions } from './use-chat-actions.ts'

const ChatMenu = lazyPart(() => import('./chat-menu.tsx').then(module => module.ChatMenu))

/** A finger that rests so long, and moves no further than that, asks for the menu. Some browsers send no event for it. */
const longPressMs = 450
const slackPx = 10

interface Target {
  readonly id: number
  readonly point: { readonly x: number; readonly y: number }
  readonly openedBy: OpenedBy
}

interface ChatMenuInput {
  readonly views: readonly ConversationView[]
  readonly pinned: readonly ConversationView[]
  readonly actions: ChatActions
}

/** One menu for all rows: by the right button, the menu key, or a long press. */
export function useChatMenu({ views, pinned, actions }: ChatMenuInput) {
  const [target, setTarget] = useState<Target | null>(null)
  const [open, setOpen] = useState(false)
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null)
  const opened = useRef(false)

  const show = (element: EventTarget, { x, y }: Target['point'], openedBy: OpenedBy): boolean => {
    const row = element instanceof Element ? element.closest('[data-chat]') : null
    if (!row) return false
    // The menu key has no place of its own.
    const box = row.getBoundingClientRect()
    setTarget({
      id: Number(row.getAttribute('data-chat')),
      point: x || y ? { x, y } : { x: box.left + 56, y: box.bottom },
      openedBy,
    })
    setOpen(true)
    return true
  }
  const forget = () => {
    if (press.current) clearTimeout(press.current.timer)
    press.current = null
  }
  const handlers = {
    onContextMenu(event: MouseEvent) {
      const point = { x: event.clientX, y: event.clientY }
      if (show(event.target, point, findMenuOrigin(event))) event.preventDefault()
    },
    onPointerDown({ pointerType, target: element, clientX: x, clientY: y }: PointerEvent) {
      forget()
      opened.current = false
      if (pointerType !== 'touch') return
      const timer = setTimeout(() => {
        opened.current = show(element, { x, y }, 'pointer')
      }, longPressMs)
      press.current = { x, y, timer }
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      const from = press.current
      if (from && Math.hypot(clientX - from.x, clientY - from.y) > slackPx) forget()
    },
    onPointerUp: forget,
    onPointerCancel: forget,
    /** Lifting the finger that opened the menu is no tap on the row. */
    onClickCapture(event: MouseEvent) {
      if (!opened.current) return
      opened.current = false
      event.preventDefault()
      event.stopPropagation()
    },
  }
  const view = target && views.find(({ id }) => id === target.id)
  const menu: ReactNode =
    view && target ? (
      <ChatMenu
        view={view}
        pinned={pinned}
        actions={actions}
        point={target.point}
        openedBy={target.openedBy}
        open={open}
        onClose={() => setOpen(false)}
      />
    ) : null
  return { handlers, menu }
}
