import { lazy, Suspense, useEffect, useState } from 'react'
import type { ToastQueue } from '../state/toast-queue.ts'

const ToastSurface = lazy(() => import('./toast-surface.tsx').then(module => ({ default: module.ToastSurface })))

/** Shows what happened; nothing is loaded before the first time. */
export function Toasts({ queue }: { readonly queue: ToastQueue }) {
  const [used, setUsed] = useState(false)
  useEffect(() => queue.subscribe(() => setUsed(true)), [queue])
  return used ? (
    <Suspense>
      <ToastSurface queue={queue} />
    </Suspense>
  ) : null
}
