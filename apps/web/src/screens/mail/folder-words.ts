import { useLingui } from '@lingui/react/macro'
import { Archive, Clock, FileText, Inbox, type LucideIcon, Send, ShieldAlert, Star, Timer, Trash2 } from 'lucide-react'
import type { MailFolderName, MailPlace } from './mail-places.ts'

export const folderIcons: Record<MailFolderName, LucideIcon> = {
  inbox: Inbox,
  starred: Star,
  snoozed: Clock,
  sent: Send,
  drafts: FileText,
  unsent: Timer,
  archive: Archive,
  spam: ShieldAlert,
  trash: Trash2,
}

export function useFolderWords(): Record<MailFolderName, string> {
  const { t } = useLingui()
  return {
    inbox: t`Inbox`,
    starred: t`Starred`,
    snoozed: t`Snoozed`,
    sent: t({ message: 'Sent', context: 'folder' }),
    drafts: t`Drafts`,
    unsent: t`Not sent yet`,
    archive: t({ message: 'Archive', context: 'folder' }),
    spam: t`Spam`,
    trash: t`Trash`,
  }
}

export function usePlaceName(): (place: MailPlace) => string {
  const words = useFolderWords()
  return place => (place.folder === 'label' ? place.label : words[place.folder])
}

/** What an empty place says. */
export function useEmptyWords(): (place: MailPlace, only: 'all' | 'unread') => string {
  const { t } = useLingui()
  const words: Record<MailFolderName | 'label', string> = {
    inbox: t`Your inbox is empty. Everything is answered, filed or still to come.`,
    starred: t`Nothing is starred. Give a star to what you want to find again.`,
    snoozed: t`Nothing is put off. What you snooze comes back to the inbox by itself.`,
    sent: t`You have not sent a mail yet.`,
    drafts: t`No drafts. What you begin to write is kept here.`,
    unsent: t`Nothing waits to be sent.`,
    archive: t`Nothing is archived.`,
    spam: t`No spam here.`,
    trash: t`The trash is empty.`,
    label: t`No mail carries this label.`,
  }
  return (place, only) => (only === 'unread' ? t`You have read everything.` : words[place.folder])
}
