/** Calls when somebody writes and nobody looks: a toast here, one quiet sound on the device. Loaded after the first screen. */
import { useLingui } from '@lingui/react/macro'
import type { Client } from '@recado/client'
import type { ConversationId, Message } from '@recado/protocol'
import { useMatchRoute, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { findPlainText } from '../screens/conversation/body/use-plain-text.ts'
import { saidIn } from '../screens/conversation/files/said.ts'
import { useApp } from '../state/app-context.ts'
import { isMuted } from '../state/is-muted.ts'
import { isolate } from '../state/isolate.ts'
import { useTell } from '../state/use-attempt.ts'
import { decideAlert } from './decide-alert.ts'
import { settleSound } from './one-tab-sounds.ts'
import { createTone } from './play-tone.ts'

/** A lively group calls once in so long. */
const callAgainMs = 5_000
const excerptLength = 120

export function Alerts() {
  const { client, preferences } = useApp()
  const match = useMatchRoute()({ to: '/app/chats/$conversationId' })
  const open = useRef<number | null>(null)
  open.current = match === false ? null : Number(match.conversationId)
  const showToast = useRef<(message: Message) => Promise<void>>(async () => undefined)
  showToast.current = useMessageToast()

  useEffect(() => {
    const tone = createTone()
    const called = new Map<ConversationId, number>()
    const stop = client.on('message.created', ({ data: { message } }) => {
      const { toast, sound } = decideAlert(describeArrival(client, message, open.current), preferences.get())
      const name = `${message.conversationId}.${message.sequence}`
      if (!toast && !sound) return void settleSound(name, 'silent', () => undefined)
      const lately = performance.now() - (called.get(message.conversationId) ?? Number.NEGATIVE_INFINITY) < callAgainMs
      if (lately) return
      called.set(message.conversationId, performance.now())
      if (toast) void showToast.current(message)
      if (sound) void settleSound(name, 'play', () => tone.play())
    })
    return () => {
      stop()
      tone.close()
    }
  }, [client, preferences])
  return null
}

function describeArrival(client: Client, message: Message, open: number | null) {
  const { me, connection, conversations } = client.getSnapshot()
  const view = conversations.find(({ id }) => id === message.conversationId)
  return {
    own: message.authorId === me?.id,
    muted: view !== undefined && isMuted(view),
    live: connection.state === 'online' && connection.caughtUp,
    open: open === message.conversationId,
    visible: document.visibilityState === 'visible',
    focused: document.hasFocus(),
  }
}

function useMessageToast(): (message: Message) => Promise<void> {
  const { t } = useLingui()
  const { client } = useApp()
  const navigate = useNavigate()
  const tell = useTell()
  return async message => {
    const words = await findPlainText(saidIn(message) ?? '')
    const { people, conversations } = client.getSnapshot()
    const name = conversations.find(({ id }) => id === message.conversationId)?.conversation.name
    const group = name ? isolate(name) : null
    const author = isolate(people.get(message.authorId)?.displayName ?? t`Somebody`)
    const body = isolate(words.slice(0, excerptLength).replace(/\s+/gu, ' '))
    tell(group ? t`${author} in ${group}: ${body}` : t`${author}: ${body}`, {
      label: t`Open`,
      run: () =>
        void navigate({
          to: '/app/chats/$conversationId',
          params: { conversationId: String(message.conversationId) },
          search: { at: message.sequence },
        }),
    })
  }
}
