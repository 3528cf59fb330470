import { useEffect, useState } from 'react'
import { lazyPart } from '../parts/lazy-part.tsx'
import type { ToastQueue } from '../state/toast-queue.ts'

const ToastSurface = lazyPart(() => import('./toast-surface.tsx').then(module => module.ToastSurface))

/** Shows what happened; nothing is loaded before the first time. */
export function Toasts({ queue }: { readonly queue: ToastQueue }) {
  const [used, setUsed] = useState(false)
  useEffect(() => queue.subscribe(() => setUsed(true)), [queue])
  return used ? <ToastSurface queue={queue} /> : null
}
