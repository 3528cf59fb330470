import { type RefObject, useEffect, useRef, useState } from 'react'

interface Editing {
  readonly editing: boolean
  /** Of the button that begins it. */
  readonly button: RefObject<HTMLButtonElement | null>
  readonly start: () => void
  readonly stop: () => void
}

/** Something that is changed in its own place: afterwards the focus is back on the button that began it. */
export function useEditing(): Editing {
  const [editing, setEditing] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const stopped = useRef(false)
  useEffect(() => {
    if (editing || !stopped.current) return
    stopped.current = false
    button.current?.focus()
  }, [editing])
  return {
    editing,
    button,
    start: () => setEditing(true),
    stop: () => {
      stopped.current = true
      setEditing(false)
    },
  }
}
