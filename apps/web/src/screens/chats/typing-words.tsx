import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { AccountId } from '@recado/protocol'
import { usePerson } from '../../state/use-snapshot.ts'

/** Who is typing: one by name, more by number. */
export function TypingWords({ typing }: { readonly typing: readonly AccountId[] }) {
  const { t } = useLingui()
  const first = usePerson(typing[0] ?? null)
  if (typing.length === 0) return null
  const name = first?.displayName ?? t`Somebody`
  const others = typing.length
  return (
    <span className="inline-flex items-center gap-1.5 text-present-ink">
      <Dots />
      {others === 1
        ? t`${name} is typing…`
        : t({ message: plural(others, { one: '# person is typing…', other: '# people are typing…' }) })}
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
