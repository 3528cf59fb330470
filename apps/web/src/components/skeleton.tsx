import { useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** Says once to screen readers that something loads; its children are shapes only. */
export function Loading({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  const { t } = useLingui()
  return (
    <div role="status" aria-label={t`Loading`} className={className}>
      <div aria-hidden="true">{children}</div>
    </div>
  )
}

export function RowSkeletons({ count }: { readonly count: number }) {
  return (
    <Loading>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the shapes never move.
        <div key={index} className="flex items-center gap-3 px-3 py-2.5">
          <div className="skeleton size-11 rounded-full" />
          <div className="flex flex-1 flex-col gap-2">
            <div className={classNames('skeleton h-3.5', index % 2 ? 'w-2/5' : 'w-1/2')} />
            <div className={classNames('skeleton h-3', index % 3 ? 'w-4/5' : 'w-3/5')} />
          </div>
        </div>
      ))}
    </Loading>
  )
}

const bubbles = ['w-52', 'w-72', 'w-40', 'w-64', 'w-56', 'w-36']

export function MessageSkeletons() {
  return (
    <Loading className="flex min-h-0 flex-1 flex-col justify-end overflow-hidden p-4">
      <div className="flex flex-col gap-3">
        {bubbles.map((width, index) => (
          <div
            key={width}
            className={classNames('skeleton h-11 rounded-lg', width, index % 3 === 2 ? 'self-end' : 'self-start')}
          />
        ))}
      </div>
    </Loading>
  )
}
