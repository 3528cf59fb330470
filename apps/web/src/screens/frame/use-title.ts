import { useEffect } from 'react'
import { useSnapshot } from '../../state/use-snapshot.ts'

/** The number of unread messages in the window's title and on its icon; what is muted or archived does not count. */
export function useTitle(): void {
  const unread = useSnapshot(snapshot => snapshot.unread)
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Recado` : 'Recado'
    let outdated = false
    // Drawn with the first unread message, and not before.
    if (unread > 0 || document.querySelector('link[rel=icon][data-plain]')) {
      import('./draw-favicon.ts').then(
        ({ drawFavicon }) => (outdated ? undefined : drawFavicon(unread)),
        // The title has the number too.
        () => undefined,
      )
    }
    return () => {
      outdated = true
    }
  }, [unread])
}
