/** One's own settings of conversations, as the store keeps them. Times are microseconds since 1970. */
import type { AccountId, ConversationId, OwnSettings } from '@recado/protocol'
import { isoTime } from '../clock.ts'

/** Stands for ever in `mutedUntil`. */
export const foreverMicros = Number.MAX_SAFE_INTEGER

export interface SettingsRow {
  readonly version: number
  readonly pinned: number | null
  readonly mutedUntil: number | null
  readonly archivedOrdinal: number | null
  readonly unreadFrom: number | null
}

export const noSettings: SettingsRow = {
  version: 0,
  pinned: null,
  mutedUntil: null,
  archivedOrdinal: null,
  unreadFrom: null,
}

/** The settings, and where the conversation and its member stand: what a change is worked out from. */
export interface SettingsNow {
  readonly settings: SettingsRow
  readonly sequence: number
  readonly ordinal: number
  readonly read: number
}

/** Inside a side-lane transaction that holds the account's stream, which also serialises with a removal. */
export interface SettingsWrites {
  /** Null for who is no member. */
  find(conversationId: ConversationId, accountId: AccountId): Promise<SettingsNow | null>
  countPinned(accountId: AccountId): Promise<number>
  put(conversationId: ConversationId, accountId: AccountId, settings: SettingsRow): Promise<void>
}

export function presentSettings(row: SettingsRow | null): OwnSettings {
  const { version, pinned, mutedUntil, archivedOrdinal, unreadFrom } = row ?? noSettings
  return { version, pinned, muted: presentMute(mutedUntil), archived: archivedOrdinal, markedUnread: unreadFrom }
}

function presentMute(until: number | null): OwnSettings['muted'] {
  if (until === null) return null
  return until === foreverMicros ? 'forever' : isoTime(until)
}
