import { limits, type OperationInput } from '@recado/protocol'
import type { KeyedChange } from '../access/keys.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { refuse } from '../problem.ts'
import { foreverMicros, type SettingsNow, type SettingsRow } from '../store/settings.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

type Wanted = Pick<OperationInput<'membership.update'>, 'pinned' | 'muted' | 'archived' | 'markedUnread'>

export const membershipUpdate = handle('membership.update', async (context, input, { accountId }) => {
  const { conversationId, key, pinned, muted, archived, markedUnread } = input
  const wanted = {
    ...(pinned !== undefined && { pinned }),
    ...(muted !== undefined && { muted }),
    ...(archived !== undefined && { archived }),
    ...(markedUnread !== undefined && { markedUnread }),
  }
  const mark = fingerprint('settings', conversationId, wanted)
  const change = { conversationId, actorId: accountId, key, fingerprint: mark }
  return { sequence: await context.log.transact(transaction => update(transaction, change, wanted)) }
})

/**
 * All of it happens under the lock of the account's stream, which a removal takes too: whoever is removed meanwhile finds
 * either the settings gone or no membership. The key is kept in that stream (L3).
 */
async function update(transaction: Transaction, change: KeyedChange, wanted: Wanted): Promise<number | null> {
  const { conversationId, actorId, key, fingerprint: mark } = change
  await transaction.lockStreams([], [actorId])
  const earlier = await transaction.findByKey(actorId, actorId, key)
  if (earlier !== null) return earlier.fingerprint === mark ? earlier.sequence : refuse('key-reused')
  const now = (await transaction.settings.find(conversationId, actorId)) ?? refuse('not-found')
  const next = settingsAfter(now, wanted, transaction.micros)
  if (isSame(now.settings, next)) return null
  if (now.settings.pinned === null && next.pinned !== null) {
    if ((await transaction.settings.countPinned(actorId)) >= limits.pinnedConversations) refuse('limit-reached')
  }
  const [sequence = 0] = await transaction.appendEvents([
    { stream: actorId, kind: 'membership.updated', actorId, target: conversationId, key, fingerprint: mark },
  ])
  await transaction.settings.put(conversationId, actorId, { ...next, version: sequence })
  return sequence
}

function settingsAfter(now: SettingsNow, wanted: Wanted, nowMicros: number): SettingsRow {
  const { settings } = now
  const isMuted = settings.mutedUntil !== null && settings.mutedUntil > nowMicros
  const isBack = settings.archivedOrdinal !== null && now.ordinal > settings.archivedOrdinal && !isMuted
  // A conversation that came back stays: muting it afterwards does not put it away again.
  const kept = isBack ? null : settings.archivedOrdinal
  const { pinned = settings.pinned, muted, archived, markedUnread } = wanted
  return {
    version: settings.version,
    pinned,
    mutedUntil: muted === undefined ? settings.mutedUntil : muteMicros(muted, nowMicros),
    archivedOrdinal: archived === undefined ? kept : archived === null ? null : Math.min(archived, now.ordinal),
    unreadFrom: markedUnread === undefined ? settings.unreadFrom : readThen(markedUnread, now),
  }
}

/** A device may have read further than the server has heard of, and another device further than this one knows. */
function readThen(markedUnread: number | null, { read, sequence }: SettingsNow): number | null {
  return markedUnread === null ? null : Math.min(Math.max(markedUnread, read), sequence)
}

/** A time that has passed mutes nothing; one that the wire could not carry stands for ever. */
function muteMicros(muted: NonNullable<Wanted['muted']> | null, nowMicros: number): number | null {
  if (muted === null) return null
  if (muted === 'forever') return foreverMicros
  const micros = Date.parse(muted) * 1_000
  if (Number.isNaN(micros)) refuse('invalid-input', 'muted is no time.')
  return micros <= nowMicros ? null : Math.min(micros, foreverMicros)
}

function isSame(one: SettingsRow, other: SettingsRow): boolean {
  return (['pinned', 'mutedUntil', 'archivedOrdinal', 'unreadFrom'] as const).every(name => one[name] === other[name])
}
