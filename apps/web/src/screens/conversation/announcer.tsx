import { useLingui } from '@lingui/react/macro'
import type { ConversationItem } from '@recado/client'
import { useEffect, useRef, useState } from 'react'
import { usePerson } from '../../state/use-snapshot.ts'
import { findPlainText } from './body/use-plain-text.ts'
import { saidIn } from './files/said.ts'

/** Says each new message of others to screen readers, politely and once; what was there on opening is not new. */
export function Announcer({ items }: { readonly items: readonly ConversationItem[] }) {
  const { t } = useLingui()
  const newest = items.findLast(item => item.type === 'message' && !item.own)
  const message = newest?.type === 'message' ? newest.message : null
  const author = usePerson(message?.authorId ?? null)
  const heard = useRef<number | null>(null)
  const [words, setWords] = useState('')
  const sequence = message?.sequence ?? 0
  const source = message ? saidIn(message) : null
  const name = author?.displayName ?? null
  useEffect(() => {
    if (heard.current === null) heard.current = sequence
    if (sequence <= heard.current || source === null || name === null) return
    heard.current = sequence
    void findPlainText(source).then(body => setWords(t`${name}: ${body}`))
  }, [source, name, sequence, t])
  return (
    <p aria-live="polite" className="sr-only">
      {words}
    </p>
  )
}
