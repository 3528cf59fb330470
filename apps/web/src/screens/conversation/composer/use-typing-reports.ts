import type { ConversationHandle } from '@recado/client'
import { useCallback, useEffect, useRef } from 'react'

/** Others see "typing" for 6 s (`limits.typingMs`): it is said again before that, and taken back after a rest. */
const repeatMs = 3_000
const restMs = 5_000

/** Reports that one is typing, from the text after each change; an empty text means stopped. */
export function useTypingReports(handle: ConversationHandle): (text: string) => void {
  const toldAt = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const stop = useCallback(() => {
    clearTimeout(timer.current)
    if (toldAt.current === 0) return
    toldAt.current = 0
    handle.setTyping('idle')
  }, [handle])
  useEffect(() => stop, [stop])
  return useCallback(
    text => {
      if (text.trim() === '') return stop()
      clearTimeout(timer.current)
      timer.current = setTimeout(stop, restMs)
      if (Date.now() - toldAt.current < repeatMs) return
      toldAt.current = Date.now()
      handle.setTyping('typing')
    },
    [handle, stop],
  )
}
