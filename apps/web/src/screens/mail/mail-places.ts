/** The places of mail, in the order of the folder list, and what stands in the address for each. */
import type { MailView } from '@recado/client'
import type { MailId } from '@recado/protocol'

export const mailFolders = [
  'inbox',
  'starred',
  'snoozed',
  'sent',
  'drafts',
  'unsent',
  'archive',
  'spam',
  'trash',
] as const
export type MailFolderName = (typeof mailFolders)[number]

export type MailPlace = { readonly folder: MailFolderName } | { readonly folder: 'label'; readonly label: string }

/** An unknown name is the inbox. */
export function readPlace(view: string | undefined, label: string | undefined): MailPlace {
  if (view === 'label' && label) return { folder: 'label', label }
  return { folder: mailFolders.find(folder => folder === view) ?? 'inbox' }
}

export function readThreadId(text: string | undefined): MailId | null {
  const id = Number(text)
  return Number.isSafeInteger(id) && id > 0 ? (id as MailId) : null
}

/** What the SDK lists there; null for drafts, which are a part of its snapshot. */
export function viewOf(place: MailPlace, only: 'all' | 'unread'): MailView | null {
  const unread = only === 'unread' ? ({ only } as const) : {}
  if (place.folder === 'label') return { folder: 'labelled', label: place.label, ...unread }
  return place.folder === 'drafts' ? null : { folder: place.folder, ...unread }
}

/** What a link to a place carries. */
export function linkTo(place: MailPlace, threadId?: number) {
  return {
    to: '/app/mail/{-$view}/{-$threadId}',
    // Named even where there is none: else the one that is open would stay.
    params: { view: place.folder, threadId: threadId === undefined ? undefined : String(threadId) },
    search: place.folder === 'label' ? { label: place.label } : {},
  } as const
}
