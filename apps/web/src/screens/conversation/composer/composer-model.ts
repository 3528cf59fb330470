/**
 * What is being written in one conversation: a draft, kept on this device at every change, or the edit of a message, which
 * leaves the draft as it was.
 *
 * It lives outside React's tree of the conversation, so that a key renders the composer and nothing else: not the header,
 * not the messages, however many there are.
 */
import type { ConversationHandle } from '@recado/client'
import type { AccountId, Message } from '@recado/protocol'
import { useMemo, useSyncExternalStore } from 'react'
import { useApp } from '../../../state/app-context.ts'
import type { Draft, Drafts } from '../../../state/drafts.ts'
import { createStore } from '../../../state/store.ts'
import { useMe } from '../../../state/use-snapshot.ts'

export interface Writing {
  readonly text: string
  readonly replyTo: number | null
  readonly editing: Message | null
}

export interface ComposerModel {
  subscribe(listener: () => void): () => void
  /** The same object until it changes. */
  get(): Writing
  setText(text: string): void
  startReply(message: Message): void
  startEdit(message: Message): void
  /** Edits one's newest message; false when there is none that can be edited. */
  editLast(): boolean
  /** Leaves the edit, else the reply; false when there was neither. The text stays. */
  stepBack(): boolean
  /** The edit was taken: what was left of it is forgotten. */
  edited(message: Message): void
  /** The outbox has this draft: it is taken out, and what was written meanwhile stays. */
  queued(draft: Draft): void
  /** Counts own messages sent: the list then shows the newest. */
  readonly sent: Counter
  /** Counts the wishes to have the focus in the field. */
  readonly focusRequests: Counter
}

interface Counter {
  get(): number
  subscribe(listener: () => void): () => void
}

interface Edit {
  readonly message: Message
  readonly text: string
}

const emptyDraft: Draft = { text: '', replyTo: null }

function createComposerModel(drafts: Drafts, account: AccountId, handle: ConversationHandle): ComposerModel {
  const edit = createStore<Edit | null>(null)
  const sent = createStore(0)
  const focusRequests = createStore(0)
  /** Edits that were left: whoever comes back to one finds the text as it was. */
  const left = new Map<number, string>()
  let shown: { readonly draft: Draft; readonly edit: Edit | null; readonly writing: Writing } | null = null

  const findDraft = () => drafts.find(account, handle.id) ?? emptyDraft
  const keep = (draft: Draft) => drafts.keep(account, handle.id, draft)
  const wantFocus = () => focusRequests.set(focusRequests.get() + 1)

  const startEdit = (message: Message) => {
    edit.set({ message, text: left.get(message.sequence) ?? message.body ?? '' })
    wantFocus()
  }

  return {
    sent,
    focusRequests,
    startEdit,
    subscribe(listener) {
      const stops = [drafts.subscribe(listener), edit.subscribe(listener)]
      return () => {
        for (const stop of stops) stop()
      }
    },
    get() {
      const draft = findDraft()
      const now = edit.get()
      if (shown?.draft !== draft || shown.edit !== now) shown = { draft, edit: now, writing: present(draft, now) }
      return shown.writing
    },
    setText(text) {
      const now = edit.get()
      if (now) edit.set({ ...now, text })
      else keep({ text, replyTo: findDraft().replyTo })
    },
    startReply({ sequence }) {
      edit.set(null)
      keep({ text: findDraft().text, replyTo: sequence })
      wantFocus()
    },
    editLast() {
      const { items } = handle.getSnapshot()
      const last = items.findLast(item => item.type === 'pending' || (item.own && item.message.body !== null))
      // What is still on its way cannot be edited, and the one before it is not what was meant.
      if (last?.type !== 'message' || last.message.forwardedFrom !== null) return false
      startEdit(last.message)
      return true
    },
    stepBack() {
      const now = edit.get()
      const draft = findDraft()
      if (now) {
        left.set(now.message.sequence, now.text)
        edit.set(null)
      } else if (draft.replyTo !== null) keep({ text: draft.text, replyTo: null })
      else return false
      wantFocus()
      return true
    },
    edited(message) {
      left.delete(message.sequence)
      if (edit.get()?.message.sequence === message.sequence) edit.set(null)
    },
    queued(draft) {
      const { text, replyTo } = findDraft()
      keep({
        text: text.startsWith(draft.text) ? text.slice(draft.text.length) : text,
        replyTo: replyTo === draft.replyTo ? null : replyTo,
      })
      sent.set(sent.get() + 1)
    },
  }
}

function present(draft: Draft, edit: Edit | null): Writing {
  if (edit) return { text: edit.text, replyTo: null, editing: edit.message }
  return { text: draft.text, replyTo: draft.replyTo, editing: null }
}

export function useComposerModel(handle: ConversationHandle): ComposerModel {
  const { drafts } = useApp()
  const me = useMe()
  return useMemo(() => createComposerModel(drafts, me.id, handle), [drafts, me.id, handle])
}

export function useWriting(model: ComposerModel): Writing {
  return useSyncExternalStore(model.subscribe, model.get)
}
