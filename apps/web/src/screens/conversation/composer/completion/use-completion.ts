import { type KeyboardEvent, type RefObject, useId, useMemo, useState } from 'react'
import { isKey } from '../../../../keys/match-key.ts'
import { applyEdit, replaceText } from '../text-edit.ts'
import type { CompletionQuery, CompletionSource, Suggestion } from './completion.ts'

interface CompletionInput {
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  /** The first that has something to offer is asked. */
  readonly sources: readonly CompletionSource[]
}

export interface Completion {
  readonly id: string
  readonly title: string
  readonly suggestions: readonly Suggestion[]
  readonly active: number
  readonly choose: (suggestion: Suggestion) => void
  readonly setCaret: (caret: number) => void
  /** Whether the key was for the list. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean
  /** What makes the field a combobox over the list. It keeps the focus. */
  readonly fieldProps: {
    readonly role: 'combobox'
    readonly 'aria-autocomplete': 'list'
    readonly 'aria-expanded': boolean
    readonly 'aria-controls': string | undefined
    readonly 'aria-activedescendant': string | undefined
  }
}

interface Offer {
  readonly query: CompletionQuery
  readonly title: string
  readonly suggestions: readonly Suggestion[]
}

/** The completion of the word before the caret, by any of several sources. */
export function useCompletion({ field, text, sources }: CompletionInput): Completion {
  const id = useId()
  const [caret, setCaret] = useState(0)
  /** Which one is meant, and in which list: another list starts at its first again. */
  const [chosen, setChosen] = useState({ of: '', index: 0 })
  const [dismissed, setDismissed] = useState<number | null>(null)
  const offer = useOffer(text, caret, sources)
  // Where there is nothing to complete any more, the next sign in the same place is a new one.
  if (dismissed !== null && offer?.query.start !== dismissed) setDismissed(null)
  const suggestions = offer && offer.query.start !== dismissed ? offer.suggestions : []
  const list = `${offer?.query.start} ${offer?.query.text}`
  const active = chosen.of === list ? Math.min(chosen.index, Math.max(0, suggestions.length - 1)) : 0
  const open = suggestions.length > 0

  const choose = ({ insert, onChosen }: Suggestion) => {
    if (!offer || !field.current) return
    const spaced = text.slice(caret).startsWith(' ')
    applyEdit(field.current, replaceText(offer.query.start, spaced ? caret + 1 : caret, `${insert} `))
    onChosen?.()
  }
  const point = (index: number) =>
    setChosen({ of: list, index: (index + suggestions.length) % Math.max(1, suggestions.length) })

  const onKeyDown = (event: KeyboardEvent): boolean => {
    const suggestion = suggestions[active]
    const { nativeEvent } = event
    if (!suggestion || !offer) return false
    if (isKey(nativeEvent, 'rowBelow')) point(active + 1)
    else if (isKey(nativeEvent, 'rowAbove')) point(active - 1)
    else if (isKey(nativeEvent, 'complete')) choose(suggestion)
    else if (isKey(nativeEvent, 'stepBack')) setDismissed(offer.query.start)
    else return false
    event.preventDefault()
    return true
  }

  return {
    id,
    title: offer?.title ?? '',
    suggestions,
    active,
    choose,
    setCaret,
    onKeyDown,
    fieldProps: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': open,
      'aria-controls': open ? id : undefined,
      'aria-activedescendant': open ? `${id}-${active}` : undefined,
    },
  }
}

function useOffer(text: string, caret: number, sources: readonly CompletionSource[]): Offer | null {
  return useMemo(() => {
    for (const source of sources) {
      const query = source.find(text, caret)
      const suggestions = query ? source.suggest(query.text) : []
      if (query && suggestions.length > 0) return { query, title: source.title, suggestions }
    }
    return null
  }, [text, caret, sources])
}
