/** One letter while it is written: what stands in it, kept as a draft at every change. */
import type { DraftContent, DraftRecipient, DraftSnapshot } from '@recado/client'
import { useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useClient } from '../../../state/app-context.ts'
import { useMail } from '../use-mail.ts'
import type { Composition } from './compose-store.ts'
import type { RecipientField } from './refusal.ts'
import { addRecipients, resolveRecipient } from './resolve-recipient.ts'

export interface Letter {
  /** Null while the draft is loading, and when there is none. */
  readonly content: DraftContent | null
  readonly draft: DraftSnapshot
  readonly change: (part: Partial<DraftContent>) => void
  readonly add: (field: RecipientField, added: readonly DraftRecipient[]) => void
  readonly discard: () => Promise<void>
  /** The content as of now, for what happens later. */
  readonly now: () => DraftContent | null
  /** Whether anything was written here. */
  readonly touched: () => boolean
}

export function useLetter({ draftId, start }: Composition): Letter {
  const client = useClient()
  const handle = useMail().draft(draftId)
  const draft = useSyncExternalStore(handle.subscribe, handle.getSnapshot)
  const [content, setContent] = useState(start)
  // What the fields stand on: what was shown last, with what was typed into them since.
  const standing = useRef(start)
  const changed = useRef(false)
  const kept = draft.content
  // In the commit that shows it, as the editor does.
  useLayoutEffect(() => {
    standing.current = content
  }, [content])
  // What another tab or device wrote, put together with what was written here: whatever was typed is in it.
  // As of now, not as of when this was rendered: a key may have been pressed since.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at whenever there is another content.
  useEffect(() => {
    const latest = handle.getSnapshot().content
    if (latest !== null) setContent(latest)
  }, [handle, kept])

  const change = useCallback(
    (part: Partial<DraftContent>) => {
      const before = standing.current
      if (before === null) return
      const written = { ...before, ...part }
      standing.current = written
      changed.current = true
      // What came meanwhile, and is not shown yet, stays in it.
      handle.save(written, before)
      setContent(handle.getSnapshot().content ?? written)
    },
    [handle],
  )
  const add = useCallback(
    (field: RecipientField, added: readonly DraftRecipient[]) => {
      const before = standing.current?.[field] ?? []
      change({ [field]: addRecipients(before, added) })
      for (const recipient of added) {
        if (!('typed' in recipient)) continue
        void resolveRecipient(client, recipient.typed).then(found => {
          if ('typed' in found) return
          const now = standing.current?.[field] ?? []
          if (!now.includes(recipient)) return
          change({
            [field]: addRecipients(
              [],
              now.map(one => (one === recipient ? found : one)),
            ),
          })
        })
      }
    },
    [change, client],
  )
  return {
    content,
    draft,
    change,
    add,
    discard: useCallback(() => handle.discard(), [handle]),
    now: useCallback(() => handle.getSnapshot().content ?? standing.current, [handle]),
    touched: useCallback(() => changed.current, []),
  }
}

/** Nothing in it that somebody wrote. */
export function isBlank({ to, cc, bcc, subject, html, attachments }: DraftContent): boolean {
  const text = html.replace(/<[^>]*>/gu, '').trim()
  return to.length + cc.length + bcc.length + attachments.length === 0 && subject.trim() === '' && text === ''
}
