/** What people's fingers know: on what is open, or on what is chosen in the list. */
import type { MailHeader, MailId } from '@recado/protocol'
import { useKeys } from '../../keys/use-keys.ts'
import type { AnswerKind } from './compose/answer.ts'
import { useCompose } from './compose/use-compose.ts'
import type { MailGroup } from './group-mails.ts'
import type { Selection } from './list/use-selection.ts'
import type { MailPlace } from './mail-places.ts'
import { useMail } from './use-mail.ts'
import type { MailActions } from './use-mail-actions.ts'

interface MailKeysInput {
  readonly place: MailPlace
  readonly groups: readonly MailGroup[]
  readonly open: MailId | null
  readonly selection: Selection
  readonly actions: MailActions
  readonly go: (threadId: MailId | null) => void
  readonly goOn: () => void
}

export function useMailKeys({ groups, open, selection, actions, go, goOn }: MailKeysInput): void {
  const mail = useMail()
  const compose = useCompose()
  const at = groups.findIndex(({ threadId }) => threadId === open)
  const step = (by: 1 | -1) => {
    const next = groups[at < 0 ? (by === 1 ? 0 : groups.length - 1) : at + by]
    return next ? go(next.threadId) : false
  }
  /** What is chosen, else what has the focus in the list, else what is open. */
  const meant = (): readonly MailHeader[] => {
    if (selection.groups.length > 0) return selection.groups.flatMap(({ mails }) => mails)
    const focused = focusedThread()
    const group = groups.find(({ threadId }) => threadId === (focused ?? open))
    return group?.mails ?? (open === null ? [] : mail.thread(open).getSnapshot().mails)
  }
  const act = (run: (mails: readonly MailHeader[]) => void, then: 'on' | 'back' | 'stay' = 'on') => {
    const mails = meant()
    if (mails.length === 0) return false
    const wasOpen = open !== null && mails.some(({ threadId }) => threadId === open)
    run(mails)
    selection.clear()
    if (wasOpen && then === 'on') goOn()
    if (wasOpen && then === 'back') go(null)
    return true
  }
  const answer = (kind: AnswerKind) => {
    const last = open === null ? undefined : mail.thread(open).getSnapshot().mails.at(-1)
    return last ? compose.answer(kind, last) : false
  }
  useKeys({
    composeMail: () => compose.begin(),
    nextMail: () => step(1),
    previousMail: () => step(-1),
    archiveMail: () => act(mails => actions.archive(mails)),
    trashMail: () => act(mails => actions.trash(mails)),
    unreadMail: () =>
      act(mails => {
        const unread = mails.some(({ entry }) => entry.received && !entry.read)
        actions.markRead(mails, unread)
      }, 'back'),
    starMail: () =>
      act(mails => {
        const starred = mails.filter(({ entry }) => entry.starred)
        actions.star(starred.length > 0 ? starred : mails.slice(0, 1), starred.length === 0)
      }, 'stay'),
    replyMail: () => answer('reply'),
    replyAllMail: () => answer('reply-all'),
    forwardMail: () => answer('forward'),
    chooseMail: () => {
      const threadId = focusedThread() ?? open
      return threadId === null ? false : selection.toggle(threadId)
    },
    stepBack: () => {
      if (selection.groups.length > 0) return selection.clear()
      return open === null ? false : go(null)
    },
  })
}

function focusedThread(): MailId | null {
  const row = document.activeElement?.closest('[data-mail]')
  return row ? (Number(row.getAttribute('data-mail')) as MailId) : null
}
