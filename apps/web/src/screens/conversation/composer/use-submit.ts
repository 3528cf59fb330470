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

/** Saves the edit or sends the draft, one at a time. Nothing is cleared before the outbox has it. */
export function useSubmit({ handle, model, people, stopTyping }: SubmitInput): () => void {
  const { client } = useApp()
  const attempt = useAttempt()
  const busy = useRef(false)

  async function save({ text, editing }: Writing): Promise<void> {
    const body = text.trim()
    if (!editing) return
    if (body === editing.body) return model.edited(editing.sequence)
    const done = await attempt(() => client.edit(handle.id, editing.sequence, body, findMentioned(body, people)))
    if (done) model.edited(editing.sequence)
  }

  async function send({ text, replyTo }: Writing): Promise<void> {
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
    if (!queued) return
    model.files.set(model.files.get().filter(file => !files.includes(file)))
    model.queued({ text, replyTo })
  }

  return () => {
    const writing = model.get()
    if (busy.current || isEmpty(writing, model)) return
    busy.current = true
    void (writing.editing ? save(writing) : send(writing)).finally(() => {
      busy.current = false
    })
  }
}

/** An edit has no files of its own to be sent with. */
export function isEmpty({ text, editing }: Writing, { files }: ComposerModel): boolean {
  return text.trim() === '' && (editing !== null || files.get().length === 0)
}
