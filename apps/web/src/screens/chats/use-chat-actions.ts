import { useLingui } from '@lingui/react/macro'
import type { ConversationView, SettingsChange } from '@recado/client'
import type { ConversationId } from '@recado/protocol'
import { useMatchRoute, useNavigate } from '@tanstack/react-router'
import { useClient } from '../../state/app-context.ts'
import { isolate } from '../../state/isolate.ts'
import { useConversationNames } from '../../state/names.ts'
import { useAttempt, useTell } from '../../state/use-attempt.ts'
import { isUnread, stepBefore } from './arrange-chats.ts'

export type MuteSpan = 'hour' | 'tomorrow' | 'forever'

export interface ChatActions {
  pin(view: ConversationView): void
  /** A step among the pinned. */
  move(view: ConversationView, step: 1 | -1): void
  drop(id: ConversationId, before: ConversationId | null): void
  mute(view: ConversationView, span: MuteSpan): void
  unmute(view: ConversationView): void
  archive(view: ConversationView): void
  toggleUnread(view: ConversationView): void
}

/** What one does with a chat in the list, for oneself alone: at once, and each can be undone. */
export function useChatActions(pinned: readonly ConversationView[]): ChatActions {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const nameOf = useConversationNames()
  const step = useStep()
  const away = useStepAway()
  const set = (id: ConversationId, change: SettingsChange) => () => client.updateSettings(id, change)
  const drop = (id: ConversationId, before: ConversationId | null) => void attempt(() => client.pin(id, before))
  const mute = (view: ConversationView, muted: ConversationView['muted']) => {
    const name = isolate(nameOf(view.conversation))
    const said = muted === null ? t`${name} is no longer muted.` : t`${name} is muted.`
    step(said, set(view.id, { muted }), set(view.id, { muted: view.muted }))
  }
  return {
    pin(view) {
      const name = isolate(nameOf(view.conversation))
      const first = pinned.find(({ id }) => id !== view.id)?.id ?? null
      const after = pinned[pinned.findIndex(({ id }) => id === view.id) + 1]?.id ?? null
      const unpin = () => client.unpin(view.id)
      if (view.pinned === null) step(t`${name} is pinned.`, () => client.pin(view.id, first), unpin)
      else step(t`${name} is no longer pinned.`, unpin, () => client.pin(view.id, after))
    },
    move(view, by) {
      const before = stepBefore(pinned, view.id, by)
      if (before !== undefined) drop(view.id, before)
    },
    drop,
    mute: (view, span) => mute(view, endOf(span)),
    unmute: view => mute(view, null),
    archive(view) {
      const name = isolate(nameOf(view.conversation))
      const said = view.archived ? t`${name} is back among your chats.` : t`${name} is archived.`
      const { archived } = view
      step(said, set(view.id, { archived: !archived }), set(view.id, { archived }))
      if (!archived) away(view.id)
    },
    toggleUnread(view) {
      if (isUnread(view)) {
        client.conversation(view.id).markRead(view.conversation.head.sequence)
        return
      }
      step(t`Marked as unread.`, set(view.id, { markedUnread: true }), set(view.id, { markedUnread: false }))
      away(view.id)
    },
  }
}

/** Does something, says so, and offers to undo it. */
function useStep() {
  const { t } = useLingui()
  const attempt = useAttempt()
  const tell = useTell()
  return (said: string, run: () => Promise<void>, undo: () => Promise<void>) => {
    // It shows at once; only a refusal is waited for, and told by `attempt`.
    tell(said, { label: t`Undo`, run: () => void attempt(undo) })
    void attempt(run)
  }
}

/** Leaves the chat that is open: looking at it would take back that it is unread, and it is gone from the list. */
function useStepAway() {
  const navigate = useNavigate()
  const match = useMatchRoute()({ to: '/app/chats/$conversationId' })
  return (id: ConversationId) => {
    if (match !== false && match.conversationId === String(id)) void navigate({ to: '/app/chats' })
  }
}

function endOf(span: MuteSpan): 'forever' | string {
  if (span === 'forever') return span
  const end = new Date()
  if (span === 'hour') end.setHours(end.getHours() + 1)
  else {
    end.setDate(end.getDate() + 1)
    end.setHours(8, 0, 0, 0)
  }
  return end.toISOString()
}
