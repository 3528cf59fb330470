import type { ConversationHandle } from '@recado/client'
import type { Person } from '@recado/protocol'
import { useRef } from 'react'
import { useApp } from '../../../state/app-context.ts'
import { useAttempt } from '../../../state/use-attempt.ts'
import type { ComposerModel, Writing } from './composer-model.ts'
import { findMentioned } from './mentions.ts'

interface SubmitInput {
  readonly handle: ConversationHandle
  readonly model: ComposerModel
  readonly people: readonly Person[]
  readonly stopTyping: () => void
}

/**
 * Saves the edit or sends the draft, one at a time. Nothing is cleared before the outbox has it: what is handed in meanwhile
 * waits for that, and is sent without what went before it.
 */
export function useSubmit({ handle, model, people, stopTyping }: SubmitInput): () => void {
  const { client } = useApp()
  const attempt = useAttempt()
  const busy = useRef(false)
  const waiting = useRef<Writing | null>(null)

  async function save({ text, editing }: Writing): Promise<boolean> {
    const body = text.trim()
    if (!editing) return false
    const isAsBefore = body === editing.body
    const done =
      isAsBefore || (await attempt(() => client.edit(handle.id, editing.sequence, body, findMentioned(body, people))))
    if (done) model.edited(editing.sequence)
    return done
  }

  async function send({ text, replyTo }: Writing): Promise<boolean> {
    const body = text.trim()
    const files = model.files.get()
    stopTyping()
    const mentions = findMentioned(body, people)
    const queued = await attempt(() =>
      client.send({
        conversationId: handle.id,
        body,
        ...(replyTo === null ? {} : { replyTo }),
        ...(mentions.length > 0 ? { mentions } : {}),
        files: files.map(file => ({ name: file.name, blob: file })),
      }),
    )
    if (!queued) return false
    model.files.set(model.files.get().filter(file => !files.includes(file)))
    model.queued({ text, replyTo })
    return true
  }

  async function submit(writing: Writing): Promise<void> {
    waiting.current = null
    const done = await (writing.editing ? save(writing) : send(writing))
    const next = done && waiting.current ? withoutSent(waiting.current, writing) : null
    if (next && !isEmpty(next, model)) await submit(next)
  }

  return () => {
    const writing = model.get()
    if (busy.current) {
      if (!writing.editing) waiting.current = writing
      return
    }
    if (isEmpty(writing, model)) return
    busy.current = true
    void submit(writing).finally(() => {
      busy.current = false
    })
  }
}

/** What was handed in while this was on its way to the outbox: the field may have shown both. */
function withoutSent(next: Writing, { text, replyTo, editing }: Writing): Writing {
  if (editing) return next
  return {
    ...next,
    text: next.text.startsWith(text) ? next.text.slice(text.length) : next.text,
    replyTo: next.replyTo === replyTo ? null : next.replyTo,
  }
}

/** An edit has no files of its own to be sent with. */
export function isEmpty({ text, editing }: Writing, { files }: ComposerModel): boolean {
  return text.trim() === '' && (editing !== null || files.get().length === 0)
}
