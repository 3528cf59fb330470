import { useLingui } from '@lingui/react/macro'
import type { Message } from '@recado/protocol'
import { useClient } from '../../state/app-context.ts'
import { messageKey } from '../../state/deferrals.ts'
import { useTell, useUndoable } from '../../state/use-attempt.ts'
import { useMe } from '../../state/use-snapshot.ts'
import { useDesk } from './desk.ts'

export interface MessageActions {
  readonly mayEdit: boolean
  readonly mayDelete: boolean
  readonly reply: () => void
  readonly edit: () => void
  readonly copy: () => void
  readonly remove: () => void
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
  return {
    mayEdit: own,
    mayDelete: own || runs,
    reply: () => startReply(message),
    edit: () => startEdit(message),
    copy() {
      const copying = navigator.clipboard?.writeText(message.body ?? '') ?? Promise.reject(new Error('no clipboard'))
      copying.then(
        () => tell(t`Copied.`),
        () => tell(t`This browser does not let Recado copy here.`),
      )
    },
    remove() {
      undoable({
        key: messageKey(message.conversationId, message.sequence),
        done: t`Message deleted for everybody.`,
        run: () => client.delete(message.conversationId, message.sequence),
      })
    },
  }
}
