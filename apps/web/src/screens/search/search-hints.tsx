import { useLingui } from '@lingui/react/macro'

/** What narrows a search, to be tapped instead of typed. The operators are the same in every language. */
export function SearchHints({ onChoose }: { readonly onChoose: (operator: string) => void }) {
  const { t } = useLingui()
  const hints = [
    ['from:', t`who wrote it`],
    ['to:', t`who got it`],
    ['in:mail', t`in mails`],
    ['in:chat', t`in chats`],
    ['has:attachment', t`with a file`],
    ['has:link', t`with a link`],
    ['is:unread', t`not read`],
    ['is:starred', t`with a star`],
    ['after:', t`from a day on`],
    ['before:', t`before a day`],
  ] as const
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form; these are buttons.
    <div role="group" aria-label={t`Narrow the search`} className="flex gap-1.5 overflow-x-auto px-2 py-1 md:flex-wrap">
      {hints.map(([operator, meaning]) => (
        <button
          key={operator}
          type="button"
          onClick={() => onChoose(operator)}
          className="relative flex min-h-8 shrink-0 min-w-11 items-center gap-1.5 rounded-full border border-line px-3 text-meta before:absolute before:inset-x-0 before:-inset-y-1.5 hover:bg-hover md:pointer-fine:min-h-7"
        >
          <span dir="ltr" className="font-mono text-fine">
            {operator}
          </span>
          <span className="text-ink-muted">{meaning}</span>
        </button>
      ))}
    </div>
  )
}
