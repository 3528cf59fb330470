import type { ConversationId } from '@recado/protocol'
import { useLocation, useMatchRoute, useNavigate, useSearch } from '@tanstack/react-router'
import { useKeys } from '../../keys/use-keys.ts'
import { useApp } from '../../state/app-context.ts'
import { arrangeChats, everyChat } from '../chats/arrange-chats.ts'

/** The keys that act everywhere behind the sign-in. */
export function useFrameKeys(): void {
  const { client, overlay } = useApp()
  const navigate = useNavigate()
  const match = useMatchRoute()({ to: '/app/chats/$conversationId' })
  const { details } = useSearch({ strict: false })
  const inMail = useLocation({ select: ({ pathname }) => /^\/app\/(?:mail|inbox)/.test(pathname) })
  const open = match === false ? null : match.conversationId

  const goToChat = (step: 1 | -1): unknown => {
    const { pinned, others } = arrangeChats(client.getSnapshot().conversations, everyChat)
    const conversations = [...pinned, ...others]
    const at = conversations.findIndex(({ id }) => String(id) === open)
    const next = conversations[at < 0 ? (step === 1 ? 0 : conversations.length - 1) : at + step]
    return next ? navigate(toConversation(next.id)) : false
  }

  useKeys({
    palette: () => overlay.set({ kind: 'palette' }),
    help: () => overlay.set({ kind: 'keys' }),
    newChat: () => !inMail && overlay.set({ kind: 'new-chat' }),
    settings: () => void navigate({ to: '/app/settings' }),
    findChat: focusSearch,
    previousChat: () => goToChat(-1),
    nextChat: () => goToChat(1),
    details: () => {
      if (open === null) return false
      const id = Number(open) as ConversationId
      return navigate({ ...toConversation(id), search: details ? {} : { details: true }, replace: details === true })
    },
  })
}

function toConversation(id: ConversationId) {
  return { to: '/app/chats/$conversationId', params: { conversationId: String(id) } } as const
}

/** The search field of the screen, if it has one. */
function focusSearch(): unknown {
  const field = [...document.querySelectorAll<HTMLInputElement>('input[type=search]')].find(input =>
    input.checkVisibility(),
  )
  field?.focus()
  field?.select()
  return field !== undefined
}
