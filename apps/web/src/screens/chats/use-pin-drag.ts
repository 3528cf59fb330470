import type { ConversationView } from '@recado/client'
import type { ConversationId } from '@recado/protocol'
import { type DragEvent, useState } from 'react'

interface PinDrag {
  readonly id: ConversationId
  /** Before which pinned chat it would be dropped: null after the last. */
  readonly before: ConversationId | null
}

/** Pinned rows are put in order with the pointer; with the keyboard and by touch the menu and the keys do it. */
export function usePinDrag(
  pinned: readonly ConversationView[],
  drop: (id: ConversationId, before: ConversationId | null) => void,
) {
  const [drag, setDrag] = useState<PinDrag | null>(null)
  const isPinned = (id: number) => pinned.some(view => view.id === id)
  const handlers = {
    onDragStart(event: DragEvent) {
      const id = chatOf(event.target)
      if (id === null || !isPinned(id)) return
      event.dataTransfer.effectAllowed = 'move'
      event.dataTransfer.setData('text/plain', '')
      setDrag({ id, before: id })
    },
    onDragOver(event: DragEvent) {
      const over = chatOf(event.target)
      if (!drag || over === null || !isPinned(over)) return
      event.preventDefault()
      const box = (event.target as Element).closest('[data-chat]')?.getBoundingClientRect()
      const upper = box !== undefined && event.clientY < box.top + box.height / 2
      const index = pinned.findIndex(view => view.id === over)
      const before = upper ? over : (pinned[index + 1]?.id ?? null)
      if (before !== drag.before) setDrag({ ...drag, before })
    },
    onDrop(event: DragEvent) {
      if (!drag) return
      event.preventDefault()
      setDrag(null)
      const index = pinned.findIndex(view => view.id === drag.id)
      const stays = drag.before === drag.id || drag.before === (pinned[index + 1]?.id ?? null)
      if (!stays) drop(drag.id, drag.before)
    },
    onDragEnd: () => setDrag(null),
  }
  return { drag, handlers }
}

function chatOf(target: EventTarget): ConversationId | null {
  const row = target instanceof Element ? target.closest('[data-chat]') : null
  return row ? (Number(row.getAttribute('data-chat')) as ConversationId) : null
}
