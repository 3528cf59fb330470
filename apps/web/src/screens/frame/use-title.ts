import { useEffect } from 'react'
import { useSnapshot } from '../../state/use-snapshot.ts'

/** The number of unread messages in the window's title. */
export function useTitle(): void {
  const unread = useSnapshot(snapshot => snapshot.unread)
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Recado` : 'Recado'
  }, [unread])
}
