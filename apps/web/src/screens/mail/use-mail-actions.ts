/** What one does with mails: at once, many together, and with a way back for ten seconds. */
import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { MailChange } from '@recado/client'
import type { MailHeader, MailId } from '@recado/protocol'
import { useMemo } from 'react'
import { problemCodeOf, useProblemWords } from '../../i18n/problem-words.ts'
import { useSoon } from '../../i18n/use-soon.ts'
import { useAttempt, useTell } from '../../state/use-attempt.ts'
import { useMail } from './use-mail.ts'

type Mails = readonly Pick<MailHeader, 'id' | 'entry'>[]

export interface MailActions {
  archive(mails: Mails): void
  /** Back to where it was before it was archived, thrown away or taken for spam. */
  restore(mails: Mails): void
  trash(mails: Mails): void
  spam(mails: Mails): void
  markRead(mails: Mails, read: boolean): void
  star(mails: Mails, starred: boolean): void
  snooze(mails: Mails, until: Date | null): void
  label(mails: Mails, change: Pick<MailChange, 'addLabels' | 'removeLabels'>): void
  /** Because it was looked at: nothing to tell. */
  see(mails: Mails): void
}

export function useMailActions(): MailActions {
  const { t } = useLingui()
  const mail = useMail()
  const tell = useTell()
  const attempt = useAttempt()
  const soon = useSoon()
  const words = useProblemWords()
  return useMemo(() => {
    const change = async (mails: Mails, wanted: MailChange, done: string | null) => {
      const ids = mails.map(({ id }): MailId => id)
      if (ids.length === 0) return
      try {
        const undoing = mail.update(ids, wanted)
        // It shows at once, and so does the way back, which waits for the change if it has to.
        if (done !== null) {
          tell(done, { label: t`Undo`, run: () => void attempt(async () => mail.undo(await undoing)) })
        }
        await undoing
      } catch (cause) {
        tell(words(problemCodeOf(cause)))
      }
    }
    const run = (mails: Mails, wanted: MailChange, done: string | null = null) => void change(mails, wanted, done)
    const say = {
      archive: (count: number) => t({ message: plural(count, { one: 'Mail archived.', other: '# mails archived.' }) }),
      restore: (count: number) =>
        t({ message: plural(count, { one: 'Mail is in the inbox again.', other: '# mails are in the inbox again.' }) }),
      trash: (count: number) =>
        t({ message: plural(count, { one: 'Mail is in the trash.', other: '# mails are in the trash.' }) }),
      spam: (count: number) =>
        t({ message: plural(count, { one: 'Mail marked as spam.', other: '# mails marked as spam.' }) }),
      unread: (count: number) =>
        t({ message: plural(count, { one: 'Mail marked as unread.', other: '# mails marked as unread.' }) }),
      read: (count: number) =>
        t({ message: plural(count, { one: 'Mail marked as read.', other: '# mails marked as read.' }) }),
      label: (count: number) =>
        t({ message: plural(count, { one: 'Labels changed.', other: 'Labels of # mails changed.' }) }),
    }
    return {
      // What one only wrote has no archive.
      archive: mails => {
        const received = mails.filter(({ entry }) => entry.received)
        run(received, { folder: 'archive' }, say.archive(received.length))
      },
      restore: mails => run(mails, { folder: 'inbox' }, say.restore(mails.length)),
      trash: mails => run(mails, { folder: 'trash' }, say.trash(mails.length)),
      spam: mails => {
        const received = mails.filter(({ entry }) => entry.received)
        run(received, { folder: 'spam' }, say.spam(received.length))
      },
      markRead: (mails, read) => run(mails, { read }, read ? say.read(mails.length) : say.unread(mails.length)),
      star: (mails, starred) => run(mails, { starred }),
      snooze: (mails, until) => {
        const when = until && soon(until.toISOString())
        run(
          mails,
          { snoozedUntil: until?.toISOString() ?? null },
          when === null ? t`Mail is in the inbox again.` : t`Put off until ${when}.`,
        )
      },
      label: (mails, labels) => run(mails, labels, say.label(mails.length)),
      see: mails => run(mails, { read: true }),
    }
  }, [attempt, mail, soon, t, tell, words])
}
