/**
 * Searches everything that one may see, chat and mail together, by words and by operators. What was typed is in the address, so
 * that the way back from what was found leads here again.
 */
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { iconButtonClass } from '../../components/icon-button.tsx'
import { Notice } from '../../components/notice.tsx'
import { SaidAtRest } from '../../components/said-at-rest.tsx'
import { RowSkeletons } from '../../components/skeleton.tsx'
import { fieldClass } from '../../components/text-field.tsx'
import { useSnapshot } from '../../state/use-snapshot.ts'
import { FoundPlaces } from './found-places.tsx'
import { SearchHints } from './search-hints.tsx'
import { type Finding, useFound } from './use-found.ts'

export function SearchScreen() {
  const { t } = useLingui()
  const navigate = useNavigate()
  const { q = '' } = useSearch({ from: '/app/search' })
  const [query, setQuery] = useState(q)
  const field = useRef<HTMLInputElement>(null)
  const online = useSnapshot(({ connection }) => connection.state === 'online')
  const finding = useFound(query, online)
  const ask = (text: string) => {
    setQuery(text)
    void navigate({ to: '/app/search', search: text.trim() === '' ? {} : { q: text }, replace: true })
  }
  const add = (operator: string) => {
    ask(`${query.trimEnd()} ${operator}`.trimStart())
    field.current?.focus()
  }
  return (
    <main className="flex min-w-0 flex-1 flex-col overflow-y-auto bg-paper">
      <header className="sticky top-0 z-10 flex shrink-0 items-center gap-1 border-line border-b bg-paper py-1.5 ps-1 pe-3">
        <Link to="/app/chats" aria-label={t`Back to the chats`} className={iconButtonClass}>
          <ArrowLeft size={20} strokeWidth={1.75} className="rtl:rotate-180" aria-hidden="true" />
        </Link>
        <h1 className="sr-only">
          <Trans>Search</Trans>
        </h1>
        <input
          ref={field}
          type="search"
          dir="auto"
          // biome-ignore lint/a11y/noAutofocus: whoever comes here came to type.
          autoFocus={q === ''}
          aria-label={t`Search messages and mails`}
          placeholder={t`Search messages and mails`}
          autoComplete="off"
          autoCapitalize="none"
          enterKeyHint="search"
          maxLength={500}
          value={query}
          onChange={event => ask(event.target.value)}
          className={`${fieldClass} mx-auto max-w-[44rem]`}
        />
      </header>
      <div className="mx-auto flex w-full max-w-[44rem] flex-col gap-4 px-1 py-4 md:px-4">
        <SearchHints onChoose={add} />
        <Results finding={finding} query={query} />
      </div>
    </main>
  )
}

function Results({ finding, query }: { readonly finding: Finding; readonly query: string }) {
  const { t } = useLingui()
  const { found, where, state, more, again } = finding
  const count = found?.places.reduce((sum, place) => sum + place.lines.length, 0) ?? 0
  const words = t({ message: plural(count, { one: '# result', other: '# results' }) })
  if (query.trim() === '') return null
  return (
    <>
      <SaidAtRest words={state === 'searching' || found === null ? '' : words} />
      {where === 'device' && found ? (
        <Notice tone="info">
          <Trans>No connection. This is what your device keeps; the rest is found when the connection returns.</Trans>
        </Notice>
      ) : null}
      {found ? <Refused found={found} /> : null}
      {state === 'failed' ? (
        <Notice
          tone="failure"
          action={
            <Button tone="plain" onClick={found ? more : again}>
              <Trans>Try again</Trans>
            </Button>
          }
        >
          <Trans>The search did not work. What you typed is still here.</Trans>
        </Notice>
      ) : null}
      {found === null && state === 'searching' ? <RowSkeletons count={5} /> : null}
      {found ? (
        <div aria-busy={state === 'searching'} className={state === 'searching' ? 'opacity-60' : undefined}>
          <FoundPlaces places={found.places} />
        </div>
      ) : null}
      {found && count === 0 && state === 'idle' && found.unknown.length + found.beyond.length === 0 ? (
        <p className="px-3 py-8 text-center text-ink-muted">
          <Trans>Nothing with these words. Try fewer, or the beginning of one.</Trans>
        </p>
      ) : null}
      {found && found.next !== null ? (
        <Button onClick={more} className="self-center">
          <Trans>Show older ones</Trans>
        </Button>
      ) : null}
    </>
  )
}

function Refused({ found: { unknown, beyond } }: { readonly found: NonNullable<Finding['found']> }) {
  const [known, device] = [unknown.join(' '), beyond.join(' ')]
  return (
    <>
      {known === '' ? null : (
        <Notice tone="info">
          <Trans>
            There is nobody and nothing by this name: <bdi className="font-semibold">{known}</bdi>
          </Trans>
        </Notice>
      )}
      {device === '' ? null : (
        <Notice tone="info">
          <Trans>
            This needs a connection: <bdi className="font-semibold">{device}</bdi>
          </Trans>
        </Notice>
      )}
    </>
  )
}
