/** What the address, a quote or the calendar points at: it is brought to the screen, and glows for a moment. */
import { useLingui } from '@lingui/react/macro'
import type { ConversationHandle, ConversationItem } from '@recado/client'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTell } from '../../state/use-attempt.ts'
import type { OpenConversation } from '../../state/use-conversation.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'
import { startOf } from '../calendar/days.ts'

export function usePointer({ handle, snapshot }: OpenConversation) {
  const [pointedAt, setPointedAt] = useState<number | null>(null)
  const items = useRef(snapshot.items)
  items.current = snapshot.items
  const goTo = useCallback(
    async (sequence: number) => {
      setPointedAt(null)
      if (!isAmong(items.current, sequence)) await handle.jumpTo(sequence)
      const found = isAmong(handle.getSnapshot().items, sequence)
      if (found) setPointedAt(sequence)
      return found
    },
    [handle],
  )
  useAddress(handle, snapshot.view !== null && !snapshot.loading.first, goTo)
  return { pointedAt, jumpTo: useCallback((sequence: number) => void goTo(sequence), [goTo]) }
}

function isAmong(items: readonly ConversationItem[], sequence: number): boolean {
  return items.some(item => item.type === 'message' && item.message.sequence === sequence)
}

/**
 * Follows what the address says until it was found, once: whoever then goes elsewhere is not brought back. What this device
 * does not have is looked for again when there is a connection.
 */
function useAddress(handle: ConversationHandle, loaded: boolean, goTo: (sequence: number) => Promise<boolean>): void {
  const { at, on } = useSearch({ from: '/app/chats/$conversationId' })
  const goToDay = useGoToDay(handle)
  const online = useSnapshot(({ connection }) => connection.state === 'online')
  const found = useRef<number | string | undefined>(undefined)
  const tried = useRef('')
  const where = on ?? at
  useEffect(() => {
    const attempt = `${where} ${online}`
    if (!loaded || found.current === where || tried.current === attempt) return
    tried.current = attempt
    if (where === undefined) {
      found.current = where
      return
    }
    void (typeof where === 'string' ? goToDay(where) : goTo(where)).then(isThere => {
      if (isThere) found.current = where
    })
  }, [goTo, goToDay, loaded, online, where])
}

/** Finds the first message of a day; from then on the address is that message's. */
function useGoToDay(handle: ConversationHandle): (day: string) => Promise<boolean> {
  const { t } = useLingui()
  const tell = useTell()
  const navigate = useNavigate()
  return useCallback(
    async day => {
      const sequence = await handle.jumpToTime(startOf(day).toISOString())
      if (sequence === null) {
        tell(t`That day is not on this device, and the server cannot be reached.`)
        return false
      }
      await navigate({
        to: '/app/chats/$conversationId',
        params: { conversationId: String(handle.id) },
        search: ({ on: _found, ...rest }) => ({ ...rest, at: sequence }),
        replace: true,
      })
      return true
    },
    [handle, navigate, t, tell],
  )
}
