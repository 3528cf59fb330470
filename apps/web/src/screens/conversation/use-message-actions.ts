import { useLingui } from '@lingui/react/macro'
import type { Message } from '@recado/protocol'
import { Copy, Pencil, Trash2 } from 'lucide-react'
import type { MenuEntry } from '../../components/menu.tsx'
import { useClient } from '../../state/app-context.ts'
import { messageKey } from '../../state/deferrals.ts'
import { useTell, useUndoable } from '../../state/use-attempt.ts'
import { useMe } from '../../state/use-snapshot.ts'
import { useDesk } from './desk.ts'

export interface MessageActions {
  readonly reply: () => void
  /** Everything but the reply, as entries of a menu. */
  readonly entries: readonly MenuEntry[]
}

/** What one may do with a message. One's own can be deleted by oneself, anyone's by those who run the group. */
export function useMessageActions(message: Message): MessageActions {
  const { t } = useLingui()
  const client = useClient()
  const me = useMe()
  const tell = useTell()
  const undoable = useUndoable()
  const { conversation, startReply, startEdit } = useDesk()
  const own = message.authorId === me.id
  const runs = conversation?.kind === 'group' && conversation.me.role !== 'member'
  const copy = () => {
    const copying = navigator.clipboard?.writeText(message.body ?? '') ?? Promise.reject(new Error('no clipboard'))
    copying.then(
      () => tell(t`Copied.`),
      () => tell(t`This browser does not let Recado copy here.`),
    )
  }
  const remove = () =>
    undoable({
      key: messageKey(message.conversationId, message.sequence),
      done: t`Message deleted for everybody.`,
      run: () => client.delete(message.conversationId, message.sequence),
    })
  const edit: MenuEntry = { icon: Pencil, label: t`Edit`, onSelect: () => startEdit(message) }
  const deletion: MenuEntry = { icon: Trash2, label: t`Delete for everybody`, onSelect: remove, tone: 'danger' }
  return {
    reply: () => startReply(message),
    entries: [
      ...(own ? [edit] : []),
      { icon: Copy, label: t`Copy text`, onSelect: copy },
      ...(own || runs ? [deletion] : []),
    ],
  }
}
