import { useEffect } from 'react'

/**
 * Gives the focus back the moment something closes, not once it has left with a movement: whoever types on at once writes
 * where they were, and what opens again meanwhile is not robbed of the focus by what closed before.
 */
export function useFocusReturn(open: boolean): void {
  useEffect(() => {
    if (!open) return
    const before = beforeDialogs()
    // Once the dialog knows that it closes: until then it would take the focus back.
    return () => void setTimeout(() => giveBack(before))
  }, [open])
}

/** A dialog takes the focus a moment after it opened. */
function beforeDialogs(): Element | null {
  const { activeElement } = document
  return activeElement === document.body ? null : activeElement
}

function giveBack(before: Element | null): void {
  const leaving = document.activeElement?.closest('[role=dialog]')
  if (!leaving || leaving.hasAttribute('data-open') || leaving.contains(before)) return
  if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
}
