import type { MailId } from '@recado/protocol'
import { useMemo, useRef, useState } from 'react'
import type { MailGroup } from '../group-mails.ts'

export interface Selection {
  /** Those that are still in the list. */
  readonly chosen: ReadonlySet<MailId>
  readonly groups: readonly MailGroup[]
  /** `range`: with all between it and the one chosen last. */
  toggle(threadId: MailId, reach?: 'one' | 'range'): void
  chooseAll(): void
  clear(): void
}

const none: ReadonlySet<MailId> = new Set()

export function useSelection(groups: readonly MailGroup[]): Selection {
  const [wanted, setWanted] = useState(none)
  const anchor = useRef<MailId | null>(null)
  return useMemo(() => {
    const chosen = groups.filter(({ threadId }) => wanted.has(threadId))
    return {
      chosen: new Set(chosen.map(({ threadId }) => threadId)),
      groups: chosen,
      toggle(threadId, reach = 'one') {
        const from = groups.findIndex(group => group.threadId === anchor.current)
        const to = groups.findIndex(group => group.threadId === threadId)
        const next = new Set(wanted)
        if (reach === 'range' && from >= 0 && to >= 0) {
          for (const group of groups.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(group.threadId)
        } else if (!next.delete(threadId)) next.add(threadId)
        anchor.current = threadId
        setWanted(next)
      },
      chooseAll: () => setWanted(new Set(groups.map(({ threadId }) => threadId))),
      clear: () => setWanted(none),
    }
  }, [groups, wanted])
}
