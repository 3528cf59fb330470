/**
 * A message's words without its mark-up, by the grammar of the messages themselves. The parser is fetched with the first text
 * that needs it; until it is there, and where it cannot be had, the text is shown as written.
 */
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { withoutOverrides } from '../../../state/isolate.ts'
import { createStore } from '../../../state/store.ts'
import { hasMarkup } from './has-markup.ts'

type Read = (body: string) => string

const asWritten: Read = body => body
const reader = createStore<Read>(asWritten)

async function fetchReader(): Promise<Read> {
  if (reader.get() === asWritten) {
    await import('./plain-text.ts').then(
      module => reader.set(module.toPlainText),
      () => undefined,
    )
  }
  return reader.get()
}

export function usePlainText(body: string): string {
  const read = useSyncExternalStore(reader.subscribe, reader.get)
  const marked = useMemo(() => hasMarkup(body), [body])
  useEffect(() => {
    if (marked) void fetchReader()
  }, [marked])
  return useMemo(() => withoutOverrides(marked ? read(body) : body), [body, marked, read])
}

export async function findPlainText(body: string): Promise<string> {
  return hasMarkup(body) ? (await fetchReader())(body) : body
}
