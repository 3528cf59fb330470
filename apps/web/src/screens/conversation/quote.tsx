import { Trans, useLingui } from '@lingui/react/macro'
import type { Message } from '@recado/protocol'
import { useAuthorName } from '../../state/names.ts'
import { usePerson } from '../../state/use-snapshot.ts'
import { usePlainText } from './body/use-plain-text.ts'
import { useDesk } from './desk.ts'
import { saidIn } from './files/said.ts'

/** The message that this one answers; goes there on a tap. Undefined while it is looked up, null if it may not be seen. */
export function Quote({ quoted }: { readonly quoted: Message | null | undefined }) {
  const { t } = useLingui()
  const { jumpTo } = useDesk()
  const frame = 'mb-1 block w-full max-w-full rounded-sm border-wax/60 border-s-2 bg-ink/5 px-2 py-1 text-start'
  if (quoted === undefined) return <span className={`${frame} h-11`} />
  if (quoted === null) {
    return (
      <span className={`${frame} text-ink-muted text-meta italic`}>
        <Trans>A message you cannot see</Trans>
      </span>
    )
  }
  return (
    <button
      type="button"
      title={t`Go to this message`}
      onClick={() => jumpTo(quoted.sequence)}
      className={`${frame} hover:bg-ink/10`}
    >
      <QuoteLine message={quoted} />
    </button>
  )
}

/** Who and what, in two short lines. */
export function QuoteLine({ message }: { readonly message: Message | null }) {
  const author = usePerson(message?.authorId ?? null)
  const name = useAuthorName(message?.authorId ?? 0, author?.displayName ?? null)
  const words = usePlainText((message && saidIn(message)) ?? '')
  if (!message) {
    return (
      <p className="text-ink-muted text-meta">
        <Trans>A message further up</Trans>
      </p>
    )
  }
  return (
    <span className="block min-w-0">
      <bdi dir="auto" className="block truncate font-semibold text-meta text-wax-ink">
        {name}
      </bdi>
      <bdi dir="auto" className="block truncate text-ink-muted text-meta">
        {message.body === null ? <Trans>Message deleted</Trans> : words.slice(0, 240)}
      </bdi>
    </span>
  )
}
