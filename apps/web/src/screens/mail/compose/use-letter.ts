/** One letter while it is written: what stands in it, kept as a draft at every change. */
import type { DraftContent, DraftRecipient, DraftSnapshot } from '@recado/client'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
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
  const current = useRef(start)
  const changed = useRef(false)
  const kept = draft.content
  // What another tab or device wrote, put together with what was written here: whatever was typed is in it.
  // As of now, not as of when this was rendered: a key may have been pressed since.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at whenever there is another content.
  useEffect(() => {
    const latest = handle.getSnapshot().content
    if (latest === null || latest === current.current) return
    current.current = latest
    setContent(latest)
  }, [handle, kept])

  const change = useCallback(
    (part: Partial<DraftContent>) => {
      if (current.current === null) return
      current.current = { ...current.current, ...part }
      changed.current = true
      setContent(current.current)
      handle.save(current.current)
    },
    [handle],
  )
  const add = useCallback(
    (field: RecipientField, added: readonly DraftRecipient[]) => {
      const before = current.current?.[field] ?? []
      change({ [field]: addRecipients(before, added) })
      for (const recipient of added) {
        if (!('typed' in recipient)) continue
        void resolveRecipient(client, recipient.typed).then(found => {
          if ('typed' in found) return
          const now = current.current?.[field] ?? []
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
    now: useCallback(() => current.current, []),
    touched: useCallback(() => changed.current, []),
  }
}

/** Nothing in it that somebody wrote. */
export function isBlank({ to, cc, bcc, subject, html, attachments }: DraftContent): boolean {
  const text = html.replace(/<[^>]*>/gu, '').trim()
  return to.length + cc.length + bcc.length + attachments.length === 0 && subject.trim() === '' && text === ''
}
