import { useLingui } from '@lingui/react/macro'
import type { Message } from '@recado/protocol'
import {
  Bookmark,
  BookmarkX,
  Copy,
  Forward,
  History,
  Link2,
  Pencil,
  Pin,
  PinOff,
  SmilePlus,
  Trash2,
} from 'lucide-react'
import type { MenuEntry } from '../../components/menu.tsx'
import { useClient } from '../../state/app-context.ts'
import { messageKey } from '../../state/deferrals.ts'
import { useShowOverlay } from '../../state/frame-overlay.ts'
import { useAttempt, useTell, useUndoable } from '../../state/use-attempt.ts'
import { useMe } from '../../state/use-snapshot.ts'
import { mayPin } from '../message/may-pin.ts'
import { useDesk } from './desk.ts'

export interface MessageActions {
  readonly reply: () => void
  /** Everything but the reply, as entries of a menu. */
  readonly entries: readonly MenuEntry[]
}

/** What one may do with a message. One's own can be deleted by oneself, anyone's by those who run the group. */
export function useMessageActions(message: Message): MessageActions {
  const { t } = useLingui()
  const me = useMe()
  const { conversation, startReply, startEdit } = useDesk()
  const copy = useCopy()
  const remove = useRemove(message)
  const marks = useMarks(message)
  const looks = useLooks(message)
  const own = message.authorId === me.id
  const runs = conversation?.kind === 'group' && conversation.me.role !== 'member'
  const link = `${window.location.origin}/app/chats/${message.conversationId}?at=${message.sequence}`
  // Another's words under their name are not changed.
  const editable = own && message.forwardedFrom === null
  const edit: MenuEntry = { icon: Pencil, label: t`Edit`, onSelect: () => startEdit(message) }
  const deletion: MenuEntry = { icon: Trash2, label: t`Delete for everybody`, onSelect: remove, tone: 'danger' }
  return {
    reply: () => startReply(message),
    entries: [
      ...(editable ? [edit] : []),
      ...marks,
      { icon: Copy, label: t`Copy text`, onSelect: () => copy(message.body ?? '') },
      { icon: Link2, label: t`Copy link`, onSelect: () => copy(link) },
      ...looks,
      ...(own || runs ? [deletion] : []),
    ],
  }
}

function useCopy(): (text: string) => void {
  const { t } = useLingui()
  const tell = useTell()
  return text => {
    const copying = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))
    copying.then(
      () => tell(t`Copied.`),
      () => tell(t`This browser does not let Recado copy here.`),
    )
  }
}

function useRemove({ conversationId, sequence }: Message): () => void {
  const { t } = useLingui()
  const client = useClient()
  const undoable = useUndoable()
  return () =>
    undoable({
      key: messageKey(conversationId, sequence),
      done: t`Message deleted for everybody.`,
      run: () => client.delete(conversationId, sequence),
    })
}

/** Forwarding, pinning for everybody, saving for oneself. */
function useMarks(message: Message): readonly MenuEntry[] {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const show = useShowOverlay()
  const { handle, conversation } = useDesk()
  const { conversationId, sequence } = message
  const items = handle.getSnapshot().items
  const view = items.find(item => item.type === 'message' && item.message.sequence === sequence)
  const { pinned, saved } = view?.type === 'message' ? view : { pinned: false, saved: false }
  const pin: MenuEntry = pinned
    ? {
        icon: PinOff,
        label: t`Unpin`,
        onSelect: () => void attempt(() => client.unpinMessage(conversationId, sequence)),
      }
    : { icon: Pin, label: t`Pin`, onSelect: () => void attempt(() => client.pinMessage(conversationId, sequence)) }
  const save: MenuEntry = saved
    ? {
        icon: BookmarkX,
        label: t`Remove from saved`,
        onSelect: () => void attempt(() => client.unsaveMessage(conversationId, sequence)),
      }
    : {
        icon: Bookmark,
        label: t`Save`,
        onSelect: () => void attempt(() => client.saveMessage(conversationId, sequence)),
      }
  return [
    { icon: Forward, label: t`Forward`, onSelect: () => show({ kind: 'forward', message }) },
    ...(mayPin(conversation) ? [pin] : []),
    save,
  ]
}

/** What there is to see of it beyond its bubble. */
function useLooks(message: Message): readonly MenuEntry[] {
  const { t } = useLingui()
  const show = useShowOverlay()
  const entries: MenuEntry[] = []
  if (message.reactions.length > 0) {
    entries.push({ icon: SmilePlus, label: t`Who reacted`, onSelect: () => show({ kind: 'reactions', message }) })
  }
  if (message.editedAt !== null) {
    entries.push({ icon: History, label: t`Edit history`, onSelect: () => show({ kind: 'versions', message }) })
  }
  return entries
}
