/** Consumers of the tail: their cursors and leases. */
import type { TailStore, TailWrites } from '@recado/server/store/tail.ts'
import type { Call } from './accounts.ts'
import type { ModelDatabase, ModelTransaction } from './database.ts'

export function createTailStore(database: ModelDatabase, call: Call): TailStore {
  return {
    readCursor: consumer =>
      call(() => {
        const rows = database.find('tails', row => row.consumer === consumer)
        return rows.length === 0 ? null : new Map(rows.map(row => [row.writer, row.number]))
      }),
    readLease: (consumer, holder) =>
      call(() => {
        const lease = database.get('leases', consumer)
        if (lease === undefined || lease.holder === holder) return 0
        return Math.ceil(Math.max(0, lease.untilMicros - database.micros()) / 1000)
      }),
  }
}

export function createTailWrites(rows: ModelTransaction, call: Call): TailWrites {
  return {
    async lease(consumer, holder, forMs) {
      await call(() => undefined)
      await rows.lock(`lease ${consumer}`)
      const known = rows.get('leases', consumer)
      const now = rows.database.micros()
      if (known !== undefined && known.holder !== holder && known.untilMicros > now) return false
      rows.put('leases', { consumer, holder, untilMicros: now + forMs * 1000 })
      return true
    },
    move: (consumer, vector) =>
      call(() => {
        for (const [writer, number] of vector) {
          const before = rows.get('tails', consumer, writer)?.number ?? 0
          rows.put('tails', { consumer, writer, number: Math.max(before, number) })
        }
      }),
  }
}
