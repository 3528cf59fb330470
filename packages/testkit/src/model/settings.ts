/** One's own settings of conversations. */
import type { SettingsWrites } from '@recado/server/store/settings.ts'
import { noSettings } from '@recado/server/store/settings.ts'
import type { Call } from './accounts.ts'
import { positionOf } from './conversations.ts'
import type { ModelTransaction } from './database.ts'

export function createSettingsWrites(transaction: ModelTransaction, call: Call): SettingsWrites {
  return {
    find: (conversationId, accountId) =>
      call(() => {
        if (transaction.get('memberships', conversationId, accountId) === undefined) return null
        const row = transaction.get('settings', conversationId, accountId)
        const head = transaction.get('heads', conversationId)
        const { version, pinned, mutedUntil, archivedOrdinal, unreadFrom } = row ?? noSettings
        return {
          settings: { version, pinned, mutedUntil, archivedOrdinal, unreadFrom },
          sequence: head?.sequence ?? 0,
          ordinal: head?.ordinal ?? 0,
          read: positionOf(transaction, conversationId, accountId).read,
        }
      }),
    countPinned: accountId =>
      call(() => transaction.find('settings', row => row.accountId === accountId && row.pinned !== null).length),
    put: (conversationId, accountId, settings) =>
      call(() => transaction.put('settings', { ...settings, conversationId, accountId })),
  }
}
