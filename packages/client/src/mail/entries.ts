/** What lists hold and changes do, as the server sees it: pure, so that what shows at once is what comes. */
import { limits, type MailEntry, type MailFolder, type MailHeader, type MailState } from '@recado/protocol'
import type { MailChange, MailView } from './mail-api.ts'

export function viewKey(view: MailView): string {
  return JSON.stringify([view.folder, view.only ?? 'all', 'label' in view ? view.label : null])
}

export function isIn(view: MailView, entry: MailEntry): boolean {
  return (view.only !== 'unread' || (entry.received && !entry.read)) && isInFolder(view, entry)
}

function isInFolder(view: MailView, { folder, authored, received, starred, labels, snoozedUntil }: MailEntry): boolean {
  switch (view.folder) {
    case 'inbox':
      return folder === 'inbox' && snoozedUntil === null
    case 'archive':
    case 'trash':
    case 'spam':
    case 'unsent':
      return folder === view.folder
    case 'sent':
      return authored && folder !== 'unsent' && folder !== 'trash'
    case 'starred':
      return starred && folder !== 'trash' && folder !== 'spam'
    case 'snoozed':
      return snoozedUntil !== null
    case 'received':
      return received && folder !== 'trash'
    case 'labelled':
      return folder !== 'trash' && labels.includes(view.label)
  }
}

/** Newest first. */
export function compareMails(a: MailHeader, b: MailHeader): number {
  if (a.entry.at !== b.entry.at) return a.entry.at < b.entry.at ? 1 : -1
  return b.id - a.id
}

export function countsAsUnread({ folder, read, snoozedUntil }: MailEntry): boolean {
  return folder === 'inbox' && !read && snoozedUntil === null
}

/** What the entry becomes; the same object if it stays as it is. */
export function entryAfter(entry: MailEntry, state: MailState, change: MailChange, nowMs: number): MailEntry {
  const { read = entry.read, starred = entry.starred } = change
  const folder = folderAfter(entry, state, change)
  const until = change.snoozedUntil === undefined ? entry.snoozedUntil : change.snoozedUntil
  const snoozedUntil = folder === 'inbox' && until !== null && Date.parse(until) > nowMs ? until : null
  const labels = labelsAfter(entry.labels, change)
  const next = { ...entry, folder, read, starred, labels, snoozedUntil }
  const same = (Object.keys(next) as (keyof MailEntry)[]).every(key => next[key] === entry[key])
  return same ? entry : next
}

function labelsAfter(labels: string[], { addLabels = [], removeLabels = [] }: MailChange): string[] {
  const next = [...new Set([...labels, ...addLabels])].filter(label => !removeLabels.includes(label))
  const same = next.length === labels.length && next.every((label, at) => label === labels[at])
  return same ? labels : next.slice(0, limits.labelsPerMail)
}

/** What one only wrote is in the trash or where its state puts it; what is snoozed belongs into the inbox. */
function folderAfter(entry: MailEntry, state: MailState, { folder, snoozedUntil }: MailChange): MailFolder {
  if (entry.received) return folder ?? (snoozedUntil ? 'inbox' : entry.folder)
  if (folder === undefined) return entry.folder
  if (folder === 'trash') return 'trash'
  return state === 'released' ? 'sent' : 'unsent'
}

/** The change that brings back what this one changes. */
export function inverseOf(change: MailChange, { read, folder, starred, labels, snoozedUntil }: MailEntry): MailChange {
  const moved = change.folder !== undefined || Boolean(change.snoozedUntil)
  const added = change.addLabels?.filter(label => !labels.includes(label)) ?? []
  const removed = change.removeLabels?.filter(label => labels.includes(label)) ?? []
  return {
    ...(change.read !== undefined && { read }),
    ...(change.starred !== undefined && { starred }),
    ...(moved && { folder: folder === 'sent' || folder === 'unsent' ? 'inbox' : folder }),
    ...((moved || change.snoozedUntil !== undefined) && { snoozedUntil }),
    ...(added.length > 0 && { removeLabels: added }),
    ...(removed.length > 0 && { addLabels: removed }),
  }
}

/** Whether one change stands for both: where a mail is put depends on where it was. */
export function canMerge(first: MailChange, then: MailChange): boolean {
  return !(places(first) && places(then))
}

function places({ folder, snoozedUntil }: MailChange): boolean {
  return folder !== undefined || snoozedUntil !== undefined
}

/** Both, one after the other. */
export function mergeChanges(first: MailChange, then: MailChange): MailChange {
  const added = without(first.addLabels, then.removeLabels).concat(then.addLabels ?? [])
  const removed = without(first.removeLabels, then.addLabels).concat(then.removeLabels ?? [])
  const { addLabels: _, removeLabels: __, ...rest } = { ...first, ...then }
  return {
    ...rest,
    ...(added.length > 0 && { addLabels: [...new Set(added)] }),
    ...(removed.length > 0 && { removeLabels: [...new Set(removed)] }),
  }
}

function without(labels: readonly string[] = [], others: readonly string[] = []): string[] {
  return labels.filter(label => !others.includes(label))
}
