/**
 * What is being written in one conversation: a draft, or the edit of a message, which leaves the draft as it was. Both are
 * kept on this device at every change.
 *
 * It lives outside React's tree of the conversation, so that a key renders the composer and nothing else: not the header,
 * not the messages, however many there are.
 */
import type { ConversationHandle } from '@recado/client'
import type { AccountId, Message } from '@recado/protocol'
import { useMemo, useSyncExternalStore } from 'react'
import { useApp } from '../../../state/app-context.ts'
import type { Draft, Drafts } from '../../../state/drafts.ts'
import type { Edit, Edits } from '../../../state/edits.ts'
import { createStore, type Store } from '../../../state/store.ts'
import { useMe } from '../../../state/use-snapshot.ts'

export interface Writing {
  readonly text: string
  readonly replyTo: number | null
  readonly editing: Edit | null
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
  /** The outbox has the edit of this message: it is forgotten. */
  edited(sequence: number): void
  /** The outbox has this draft: it is taken out, and what was written meanwhile stays. */
  queued(draft: Draft): void
  /** What goes with it. Not kept beyond this page: the disk it comes from has it. */
  readonly files: Store<readonly File[]>
  /** Counts own messages sent: the list then shows the newest. */
  readonly sent: Counter
  /** Counts the wishes to have the focus in the field. */
  readonly focusRequests: Counter
}

interface Counter {
  get(): number
  subscribe(listener: () => void): () => void
}

const emptyDraft: Draft = { text: '', replyTo: null }

interface Place {
  readonly drafts: Drafts
  readonly edits: Edits
  readonly account: AccountId
  readonly handle: ConversationHandle
}

function createComposerModel({ drafts, edits, account, handle }: Place): ComposerModel {
  const sent = createStore(0)
  const files = createStore<readonly File[]>([])
  const focusRequests = createStore(0)
  let shown: { readonly draft: Draft; readonly edit: Edit | null; readonly writing: Writing } | null = null

  const findDraft = () => drafts.find(account, handle.id) ?? emptyDraft
  const keep = (draft: Draft) => drafts.keep(account, handle.id, draft)
  const findEdit = () => edits.find(account, handle.id)
  const wantFocus = () => focusRequests.set(focusRequests.get() + 1)

  const startEdit = (message: Message) => {
    edits.begin(account, handle.id, { sequence: message.sequence, body: message.body ?? '' })
    wantFocus()
  }

  return {
    files,
    sent,
    focusRequests,
    startEdit,
    subscribe(listener) {
      const stops = [drafts.subscribe(listener), edits.subscribe(listener)]
      return () => {
        for (const stop of stops) stop()
      }
    },
    get() {
      const draft = findDraft()
      const now = findEdit()
      if (shown?.draft !== draft || shown.edit !== now) shown = { draft, edit: now, writing: present(draft, now) }
      return shown.writing
    },
    setText(text) {
      if (findEdit()) edits.write(account, handle.id, text)
      else keep({ text, replyTo: findDraft().replyTo })
    },
    startReply({ sequence }) {
      if (findEdit()) edits.leave(account, handle.id)
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
      const draft = findDraft()
      if (findEdit()) edits.leave(account, handle.id)
      else if (draft.replyTo !== null) keep({ text: draft.text, replyTo: null })
      else return false
      wantFocus()
      return true
    },
    edited: sequence => edits.finish(account, handle.id, sequence),
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
  if (edit) return { text: edit.text, replyTo: null, editing: edit }
  return { text: draft.text, replyTo: draft.replyTo, editing: null }
}

export function useComposerModel(handle: ConversationHandle): ComposerModel {
  const { drafts, edits } = useApp()
  const account = useMe().id
  return useMemo(() => createComposerModel({ drafts, edits, account, handle }), [drafts, edits, account, handle])
}

export function useWriting(model: ComposerModel): Writing {
  return useSyncExternalStore(model.subscribe, model.get)
}
