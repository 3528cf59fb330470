import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { AccountId } from '@recado/protocol'
import { Isolated } from '../../components/isolated.tsx'
import { isolate } from '../../state/isolate.ts'
import { usePerson } from '../../state/use-snapshot.ts'

interface TypingWordsProps {
  readonly typing: readonly AccountId[]
  /** Between two there is only one it can be. */
  readonly among: 'two' | 'many'
}

/** Who is typing: one by name, more by number. */
export function TypingWords({ typing, among }: TypingWordsProps) {
  const { t } = useLingui()
  const first = usePerson(typing[0] ?? null)
  if (typing.length === 0) return null
  const name = isolate(first?.displayName ?? t`Somebody`)
  const count = typing.length
  let words = t`typing…`
  if (count > 1) words = t({ message: plural(count, { one: '# person is typing…', other: '# people are typing…' }) })
  else if (among === 'many') words = t`${name} is typing…`
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 text-present-ink">
      <Dots />
      <span className="truncate">
        <Isolated text={words} />
      </span>
    </span>
  )
}

function Dots() {
  return (
    <span className="inline-flex gap-0.5" aria-hidden="true">
      {[0, 150, 300].map(delay => (
        <span
          key={delay}
          className="size-1 animate-[typing-dot_1.2s_infinite] rounded-full bg-current"
          style={{ animationDelay: `${delay}ms` }}
        />
      ))}
    </span>
  )
}
