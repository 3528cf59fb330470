import { useEffect } from 'react'
import { useSnapshot } from '../../state/use-snapshot.ts'

/** Where nothing can be stored, closing the page loses what waits to be sent: the browser asks before. */
export function useLeaveGuard(): void {
  const atRisk = useSnapshot(
    ({ storage, outbox }) => (storage === 'memory' || storage === 'full') && outbox.waiting + outbox.refused > 0,
  )
  useEffect(() => {
    if (!atRisk) return
    const ask = (event: Event) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [atRisk])
}
