import type { MouseEvent } from 'react'

/** How something was opened: by keys, or a voice, it begins where keys go on; under a pointer nothing is chosen yet. */
export type OpenedBy = 'keys' | 'pointer'

export function findClickOrigin({ detail }: MouseEvent): OpenedBy {
  return detail === 0 ? 'keys' : 'pointer'
}

/** The menu key and Shift+F10 come without a pointer; a Mac's Ctrl+click has the first button. */
export function findMenuOrigin({ button, ctrlKey, nativeEvent }: MouseEvent): OpenedBy {
  const pointer = nativeEvent instanceof PointerEvent ? nativeEvent.pointerType : ''
  return button === 0 && !ctrlKey && pointer === '' ? 'keys' : 'pointer'
}
