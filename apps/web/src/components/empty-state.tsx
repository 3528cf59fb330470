import type { ReactNode } from 'react'
import { Seal } from './seal.tsx'

interface EmptyStateProps {
  /** One sentence. */
  readonly children: ReactNode
  /** One action. */
  readonly action?: ReactNode
}

export function EmptyState({ children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-4 p-8 text-center">
      <Seal className="size-10 opacity-60 grayscale-[0.35]" />
      <p className="max-w-72 text-balance text-ink-muted">{children}</p>
      {action}
    </div>
  )
}
