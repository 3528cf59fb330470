import type { MouseEvent } from 'react'

/** How something was opened: by keys, or a voice, it begins where keys go on; under a pointer nothing is chosen yet. */
export type OpenedBy = 'keys' | 'pointer'

export function findClickOrigin({ detail }: MouseEvent): OpenedBy {
  return detail === 0 ? 'keys' : 'pointer'
}

/** The menu key and Shift+F10 come as of a mouse, but not of its second button; nor is a Mac's Ctrl+click. */
export function findMenuOrigin({ button, ctrlKey, nativeEvent }: MouseEvent): OpenedBy {
  const touched = nativeEvent instanceof PointerEvent && /^(?:touch|pen)$/u.test(nativeEvent.pointerType)
  return button === 2 || ctrlKey || touched ? 'pointer' : 'keys'
}
