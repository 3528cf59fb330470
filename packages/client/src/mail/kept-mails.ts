/** Keeps what this device holds of mails within bounds: the oldest go, and lists end where they went. */
import type { MailId } from '@recado/protocol'
import type { MailContext } from './context.ts'
import { compareMails } from './entries.ts'

/** As many as a list is scrolled through; about 20 MB in memory. */
export const keptHeaders = 10_000
const keptBodies = 2_000

/** So many may be more before room is made. */
const slack = 1.05

export function boundHeaders({ core, headers, knowledge }: MailContext): void {
  if (headers.size <= keptHeaders * slack) return
  const sorted = [...headers.all()].sort(compareMails)
  const over = sorted.slice(keptHeaders)
  const newest = over[0]
  if (!newest) return
  knowledge.cut(newest.entry.at)
  const ids = over.map(header => header.id)
  core.writer.add({
    kind: 'run',
    work: async rows => {
      for (const id of ids) await rows.delete('mailHeaders', id)
    },
  })
  headers.forget(ids)
}

/** By id, which is about the order in which they were written. */
export function boundBodies({ core }: MailContext): void {
  core.writer.add({
    kind: 'run',
    work: async rows => {
      const excess = (await rows.count('mailBodies')) - keptBodies
      if (excess <= keptBodies * (slack - 1)) return
      const oldest = await rows.list('mailBodies', { limit: excess })
      const last = oldest.at(-1)
      if (last) await rows.delete('mailBodies', { from: 0 as MailId, to: last.id })
    },
  })
}
