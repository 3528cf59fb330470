/**
 * What is being written in a conversation: a draft, kept on this device at every change, or the edit of a message, which
 * leaves the draft as it was. The draft is cleared only once the outbox has the text.
 */
import type { Message, Person } from '@recado/protocol'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useApp } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'
import type { OpenConversation } from '../../state/use-conversation.ts'
import { useDraft, useMe } from '../../state/use-snapshot.ts'
import { findMentioned } from './mentions.ts'
import { useTypingReports } from './use-typing-reports.ts'

interface Edit {
  readonly message: Message
  readonly text: string
}

export interface ComposerControl {
  readonly text: string
  readonly setText: (text: string) => void
  readonly replyTo: number | null
  readonly editing: Message | null
  /** Counts up with each own message sent: the list then shows the newest. */
  readonly sent: number
  /** Counts up whenever the field should take the focus. */
  readonly focusRequests: number
  readonly startReply: (message: Message) => void
  readonly startEdit: (message: Message) => void
  readonly editLast: () => boolean
  /** Leaves the edit, else the reply; false when there was neither. The text stays. */
  readonly stepBack: () => boolean
  readonly submit: () => void
}

const emptyDraft = { text: '', replyTo: null } as const

export function useComposer(open: OpenConversation): ComposerControl {
  const { drafts } = useApp()
  const me = useMe()
  const draft = useDraft(open.handle.id) ?? emptyDraft
  const [edit, setEdit] = useState<Edit | null>(null)
  /** Edits that were left: whoever comes back to one finds the text as it was. */
  const left = useRef(new Map<number, string>())
  const [focusRequests, setFocusRequests] = useState(0)
  const reportTyping = useTypingReports(open.handle)
  const saved = (message: Message) => {
    left.current.delete(message.sequence)
    setEdit(null)
  }
  const { submit, sent } = useSubmit(open, { edit, saved, stopTyping: () => reportTyping('') })
  const items = useRef(open.snapshot.items)
  items.current = open.snapshot.items
  const keep = useCallback(
    (next: typeof draft) => drafts.keep(me.id, open.handle.id, next),
    [drafts, me.id, open.handle.id],
  )

  const startEdit = useCallback((message: Message) => {
    setEdit({ message, text: left.current.get(message.sequence) ?? message.body ?? '' })
    setFocusRequests(count => count + 1)
  }, [])
  const startReply = useCallback(
    (message: Message) => {
      setEdit(null)
      keep({ text: drafts.find(me.id, open.handle.id)?.text ?? '', replyTo: message.sequence })
      setFocusRequests(count => count + 1)
    },
    [drafts, keep, me.id, open.handle.id],
  )

  return {
    text: edit ? edit.text : draft.text,
    setText(text) {
      if (edit) setEdit({ ...edit, text })
      else {
        keep({ text, replyTo: draft.replyTo })
        reportTyping(text)
      }
    },
    replyTo: edit ? null : draft.replyTo,
    editing: edit?.message ?? null,
    sent,
    focusRequests,
    startReply,
    startEdit,
    editLast() {
      const last = items.current.findLast(item => item.type === 'pending' || (item.own && item.message.body !== null))
      // What is still on its way cannot be edited, and the one before it is not what was meant.
      if (last?.type !== 'message') return false
      startEdit(last.message)
      return true
    },
    stepBack() {
      if (edit) {
        left.current.set(edit.message.sequence, edit.text)
        setEdit(null)
      } else if (draft.replyTo !== null) keep({ text: draft.text, replyTo: null })
      else return false
      setFocusRequests(count => count + 1)
      return true
    },
    submit: () => submit(draft),
  }
}

interface Submission {
  readonly edit: Edit | null
  readonly saved: (message: Message) => void
  readonly stopTyping: () => void
}

function useSubmit({ handle, snapshot }: OpenConversation, { edit, saved, stopTyping }: Submission) {
  const { client, drafts } = useApp()
  const me = useMe()
  const attempt = useAttempt()
  const [sent, setSent] = useState(0)
  const busy = useRef(false)
  const people = useMentionable({ handle, snapshot })

  async function saveEdit({ message, text }: Edit): Promise<void> {
    const body = text.trim()
    if (body === '') return
    if (body === message.body) return saved(message)
    const done = await attempt(() => client.edit(handle.id, message.sequence, body, findMentioned(body, people)))
    if (done) saved(message)
  }

  async function send(draft: { readonly text: string; readonly replyTo: number | null }): Promise<void> {
    const body = draft.text.trim()
    if (body === '') return
    stopTyping()
    const mentions = findMentioned(body, people)
    const queued = await attempt(() =>
      client.send({
        conversationId: handle.id,
        body,
        ...(draft.replyTo === null ? {} : { replyTo: draft.replyTo }),
        ...(mentions.length > 0 ? { mentions } : {}),
      }),
    )
    if (!queued) return
    const now = drafts.find(me.id, handle.id)?.text ?? ''
    drafts.keep(me.id, handle.id, {
      text: now.startsWith(draft.text) ? now.slice(draft.text.length) : now,
      replyTo: null,
    })
    setSent(count => count + 1)
  }

  const submit = (draft: { readonly text: string; readonly replyTo: number | null }) => {
    if (busy.current) return
    busy.current = true
    void (edit ? saveEdit(edit) : send(draft)).finally(() => {
      busy.current = false
    })
  }
  return { submit, sent }
}

/** Whom one may mention here: the members, without oneself. */
export function useMentionable({ snapshot }: OpenConversation): readonly Person[] {
  const me = useMe()
  const peer = snapshot.view?.conversation.peer ?? null
  const { members } = snapshot
  return useMemo(() => {
    const people = members ? members.map(member => member.person) : peer ? [peer] : []
    return people.filter(person => person.id !== me.id)
  }, [members, peer, me.id])
}
