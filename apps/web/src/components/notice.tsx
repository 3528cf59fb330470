import { CircleAlert, Info } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

interface NoticeProps {
  readonly tone: 'info' | 'failure'
  readonly children: ReactNode
  readonly action?: ReactNode
}

/** Something to know, in the flow of the page. A failure is announced at once. */
export function Notice({ tone, children, action }: NoticeProps) {
  const Icon = tone === 'failure' ? CircleAlert : Info
  return (
    <div
      role={tone === 'failure' ? 'alert' : 'note'}
      className={classNames(
        'flex items-start gap-2.5 rounded px-3 py-2.5 text-meta',
        tone === 'failure' ? 'bg-failure-tint text-failure-ink' : 'bg-amber-tint text-amber-ink',
      )}
    >
      <Icon size={18} strokeWidth={1.75} className="mt-px shrink-0" aria-hidden="true" />
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  )
}
