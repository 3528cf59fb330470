import type { MemberPage } from '@recado/client'
import type { AccountId, ConversationId, Member, Role } from '@recado/protocol'
import { useCallback, useEffect, useRef, useState } from 'react'
import { problemCodeOf } from '../../i18n/problem-words.ts'
import { useClient } from '../../state/app-context.ts'

/** A person types: the server is asked once they pause. */
const pauseMs = 200

export interface Members {
  /** Null while the first page loads. */
  readonly items: readonly Member[] | null
  readonly more: boolean
  readonly problem: ReturnType<typeof problemCodeOf> | null
  loadMore(): void
  reload(): void
}

interface Loaded {
  readonly items: readonly Member[]
  readonly next: string | null
}

/** Members page by page, as far as somebody looked, kept current by the events of their conversation. */
export function useMembers(conversationId: ConversationId, query: string): Members {
  const client = useClient()
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [problem, setProblem] = useState<Members['problem']>(null)
  /** Grows with every list that begins: what was asked for an earlier one is not shown in it. */
  const list = useRef(0)
  const loading = useRef(false)
  const [round, setRound] = useState(0)

  const ask = useCallback(
    async (next: string | null, take: (page: MemberPage) => void) => {
      const asked = list.current
      loading.current = true
      try {
        const page = await client.listMembers(conversationId, { query, ...(next !== null && { next }) })
        if (asked === list.current) take(page)
      } catch (cause) {
        if (asked === list.current) setProblem(problemCodeOf(cause))
      } finally {
        if (asked === list.current) loading.current = false
      }
    },
    [client, conversationId, query],
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: a round begins the list again.
  useEffect(() => {
    list.current += 1
    setProblem(null)
    const timer = setTimeout(() => void ask(null, page => setLoaded(page)), query === '' ? 0 : pauseMs)
    return () => clearTimeout(timer)
  }, [ask, query, round])

  const reload = useCallback(() => setRound(before => before + 1), [])
  useMemberEvents(conversationId, {
    gone: id => setLoaded(before => before && { ...before, items: before.items.filter(item => item.person.id !== id) }),
    changed: reload,
  })
  return {
    items: loaded?.items ?? null,
    more: loaded?.next != null,
    problem,
    reload,
    loadMore() {
      if (!loaded?.next || loading.current) return
      void ask(loaded.next, page => setLoaded({ items: merge(loaded.items, page.items), next: page.next }))
    },
  }
}

/** Somebody whose role changed may come again on a later page. */
function merge(before: readonly Member[], page: readonly Member[]): readonly Member[] {
  const fresh = new Set(page.map(member => member.person.id))
  return [...before.filter(member => !fresh.has(member.person.id)), ...page]
}

interface MemberListeners {
  readonly gone: (id: AccountId) => void
  readonly changed: () => void
}

function useMemberEvents(conversationId: ConversationId, listeners: MemberListeners): void {
  const client = useClient()
  const latest = useRef(listeners)
  latest.current = listeners
  useEffect(() => {
    const hear = ({ stream, data }: { stream: number; data: { accountId: AccountId; role: Role | null } }) => {
      if (stream !== conversationId) return
      if (data.role === null) latest.current.gone(data.accountId)
      else latest.current.changed()
    }
    const kinds = ['member.added', 'member.removed', 'member.left', 'member.roleChanged'] as const
    const stops = kinds.map(kind => client.on(kind, hear))
    return () => {
      for (const stop of stops) stop()
    }
  }, [client, conversationId])
}
