import { useLingui } from '@lingui/react/macro'
import type { MessageHit } from '@recado/client'
import { useNavigate } from '@tanstack/react-router'
import { MessageSquareText } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTimes } from '../../i18n/use-times.ts'
import { useClient } from '../../state/app-context.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'
import { toExcerpt } from './excerpt.ts'
import type { PaletteEntry } from './use-palette-results.ts'
import { withoutMarkup } from './without-markup.ts'

/** A single letter is in nearly every message. */
const shortest = 2
const restMs = 90
const shown = 8
const perChat = 3

/** Messages kept on this device that hold what was typed: the conversation with the most recent activity first. */
export function useMessageEntries(query: string): readonly PaletteEntry[] {
  const { t } = useLingui()
  const times = useTimes()
  const navigate = useNavigate()
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  const people = useSnapshot(snapshot => snapshot.people)
  const hits = useMessageHits(query)
  return hits.map((hit): PaletteEntry => {
    const { conversationId, sequence } = hit
    const conversation = conversations.find(({ id }) => id === conversationId)?.conversation
    const where = conversation?.name ?? conversation?.peer?.displayName ?? ''
    const author = people.get(hit.authorId)?.displayName ?? t`Somebody`
    const excerpt = toExcerpt(hit)
    return {
      id: `message ${conversationId}.${sequence}`,
      label: excerpt.map(({ text }) => text).join(''),
      excerpt,
      detail: [author, ...(where === author ? [] : [where])].join(' · '),
      when: times.brief(hit.createdAt),
      face: { type: 'icon', icon: MessageSquareText },
      run: () =>
        void navigate({
          to: '/app/chats/$conversationId',
          params: { conversationId: String(conversationId) },
          search: { at: sequence },
        }),
    }
  })
}

function useMessageHits(query: string): readonly MessageHit[] {
  const client = useClient()
  const [hits, setHits] = useState<readonly MessageHit[]>([])
  const wanted = query.trim()
  useEffect(() => {
    if (wanted.length < shortest) return setHits([])
    const giveUp = new AbortController()
    const timer = setTimeout(async () => {
      try {
        const { groups } = await client.searchMessages(wanted, {
          limit: shown,
          perConversation: perChat,
          signal: giveUp.signal,
        })
        const found = await withoutMarkup(groups.flatMap(group => group.hits).slice(0, shown))
        if (!giveUp.signal.aborted) setHits(found)
      } catch {
        // Given up for the next letter; a failure leaves the messages out and the rest of the palette whole.
        if (!giveUp.signal.aborted) setHits([])
      }
    }, restMs)
    return () => {
      giveUp.abort()
      clearTimeout(timer)
    }
  }, [client, wanted])
  return hits
}
