import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { CountBadge } from '../../components/count-badge.tsx'
import { QuietMailPart } from './mail-part.tsx'
import { useMailSnapshot } from './use-mail.ts'

/** How many mails of the inbox are unread: on the rail, once mail is there. */
export function MailUnread() {
  return (
    <QuietMailPart>
      <Badge />
    </QuietMailPart>
  )
}

function Badge() {
  const { t } = useLingui()
  const unread = useMailSnapshot(snapshot => snapshot.unread ?? 0)
  return (
    <CountBadge
      count={unread}
      label={t({ message: plural(unread, { one: '# unread mail', other: '# unread mails' }) })}
    />
  )
}
