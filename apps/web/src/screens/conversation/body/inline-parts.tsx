import { useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { classNames } from '../../../components/class-names.ts'
import { useSnapshot } from '../../../state/use-snapshot.ts'

interface BodyLinkProps {
  readonly href: string
  /** Where it leads, shown beside it where its words do not say so. */
  readonly hint: string | null
  readonly children: ReactNode
}

export function BodyLink({ href, hint, children }: BodyLinkProps) {
  return (
    <>
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        dir={hint === null ? 'ltr' : 'auto'}
        className="text-present-ink underline underline-offset-2"
      >
        {children}
      </a>
      {hint === null ? null : (
        <bdi dir="ltr" className="text-ink-muted text-meta">
          {hint}
        </bdi>
      )}
    </>
  )
}

/** Somebody's name in a message; one's own stands out. */
export function BodyMention({ text, username }: { readonly text: string; readonly username: string }) {
  const { t } = useLingui()
  const own = useSnapshot(({ me }) => me?.username.toLowerCase() === username)
  return (
    <bdi
      title={own ? t`You are mentioned here` : undefined}
      className={classNames('font-semibold text-wax-ink', own && 'rounded-sm bg-wax-tint px-0.5')}
    >
      {text}
    </bdi>
  )
}
