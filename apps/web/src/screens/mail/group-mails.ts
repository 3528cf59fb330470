/** Rows of a list of mails: mails of one thread that are in the same list stand together, at the place of the newest. */
import type { AccountId, MailHeader, MailId, MailStatuses } from '@recado/protocol'

export interface MailGroup {
  readonly threadId: MailId
  readonly newest: MailHeader
  /** Newest first, at least one. */
  readonly mails: readonly MailHeader[]
  readonly unread: boolean
  readonly starred: boolean
  readonly labels: readonly string[]
}

/** A group stays the same object while its mails do: one new mail renders one row. */
export class MailGroups {
  #before = new Map<MailId, MailGroup>()
  #items: readonly MailHeader[] | null = null
  #groups: readonly MailGroup[] = []

  /** The same array for the same items. */
  of(items: readonly MailHeader[]): readonly MailGroup[] {
    if (items !== this.#items) {
      this.#items = items
      this.#groups = this.#group(items)
    }
    return this.#groups
  }

  #group(items: readonly MailHeader[]): readonly MailGroup[] {
    const byThread = new Map<MailId, MailHeader[]>()
    for (const item of items) {
      // What was taken back is a draft again.
      if (item.state === 'cancelled') continue
      const mails = byThread.get(item.threadId)
      if (mails) mails.push(item)
      else byThread.set(item.threadId, [item])
    }
    const groups = new Map<MailId, MailGroup>()
    for (const [threadId, mails] of byThread) {
      const known = this.#before.get(threadId)
      groups.set(threadId, known && isSame(known.mails, mails) ? known : toGroup(threadId, mails))
    }
    this.#before = groups
    return [...groups.values()]
  }
}

function isSame(before: readonly MailHeader[], now: readonly MailHeader[]): boolean {
  return before.length === now.length && before.every((mail, index) => mail === now[index])
}

function toGroup(threadId: MailId, mails: readonly MailHeader[]): MailGroup {
  const [newest] = mails
  if (!newest) throw new Error('A group has at least one mail.')
  return {
    threadId,
    newest,
    mails,
    unread: mails.some(isUnread),
    starred: mails.some(({ entry }) => entry.starred),
    labels: [...new Set(mails.flatMap(({ entry }) => entry.labels))].sort(),
  }
}

/** What one wrote oneself is never unread. */
function isUnread({ entry }: MailHeader): boolean {
  return entry.received && !entry.read
}

/** Who wrote in it, in the order they first did; each once. */
export function authorsOf({ mails }: MailGroup): readonly AccountId[] {
  return [...new Set(mails.toReversed().map(({ authorId }) => authorId))]
}

/** The statuses of all of its mails together; null if none has any. */
export function statusesOf(mails: readonly MailHeader[]): Omit<MailStatuses, 'version'> | null {
  let sum: Omit<MailStatuses, 'version'> | null = null
  for (const { statuses } of mails) {
    if (!statuses) continue
    const before: Omit<MailStatuses, 'version'> = sum ?? {
      queued: 0,
      sent: 0,
      delivered: 0,
      read: 0,
      failed: 0,
      cancelled: 0,
    }
    sum = {
      queued: before.queued + statuses.queued,
      sent: before.sent + statuses.sent,
      delivered: before.delivered + statuses.delivered,
      read: before.read + statuses.read,
      failed: before.failed + statuses.failed,
      cancelled: before.cancelled + statuses.cancelled,
    }
  }
  return sum
}
