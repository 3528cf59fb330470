import type { Conversation, OwnMembership, OwnSettings } from './entities.ts'

/** Whether a conversation neither calls nor counts at this time (milliseconds since 1970). */
export function isMuted({ muted }: Pick<OwnSettings, 'muted'>, nowMs: number): boolean {
  return muted === 'forever' || (muted !== null && Date.parse(muted) > nowMs)
}

/** Whether it is put away: until a message above what was there then, or for good while it is muted. */
export function isArchived({ head, me }: Pick<Conversation, 'head' | 'me'>, nowMs: number): boolean {
  const { archived } = me.settings
  return archived !== null && (head.ordinal <= archived || isMuted(me.settings, nowMs))
}

/** Whether it was marked as unread and not read further since. */
export function isMarkedUnread({ read, settings }: Pick<OwnMembership, 'read' | 'settings'>): boolean {
  return settings.markedUnread !== null && read <= settings.markedUnread
}
