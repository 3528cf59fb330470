import { useLingui } from '@lingui/react/macro'
import type { DraftContent, DraftRecipient } from '@recado/client'
import type { Mail } from '@recado/protocol'
import { useMemo } from 'react'
import { useTimes } from '../../../i18n/use-times.ts'
import { useApp } from '../../../state/app-context.ts'
import { useMe, usePeople } from '../../../state/use-snapshot.ts'
import { type AnswerKind, startAnswer, startNew } from './answer.ts'
import { createId } from './create-id.ts'
import type { RefusedPlace } from './refusal.ts'

export interface Compose {
  begin(to?: readonly DraftRecipient[]): void
  answer(kind: AnswerKind, mail: Mail): void
  /** A draft that is kept. */
  open(draftId: string): void
  /** What was taken back, with the recipients that were refused; as the draft that it was, if that is there still. */
  reopen(content: DraftContent, refused?: readonly RefusedPlace[], draftId?: string): void
}

export function useCompose(): Compose {
  const { t } = useLingui()
  const { compose } = useApp()
  const me = useMe()
  const people = usePeople()
  const times = useTimes()
  return useMemo(() => {
    const start = (content: DraftContent, focus: 'to' | 'body') =>
      compose.set({ draftId: createId(), start: content, focus })
    return {
      begin: to => start(startNew(me.signature, to), to?.length ? 'body' : 'to'),
      answer(kind, mail) {
        const author = mail.authorId === me.id ? me.displayName : (people.get(mail.authorId)?.displayName ?? '')
        const when = times.exact(mail.sentAt ?? mail.createdAt)
        const introduction = kind === 'forward' ? t`Forwarded: ${author}, ${when}` : t`${author} wrote on ${when}:`
        start(
          startAnswer({ kind, mail, me: me.id, introduction, signature: me.signature }),
          kind === 'forward' ? 'to' : 'body',
        )
      },
      open: draftId => compose.set({ draftId, start: null, focus: 'body' }),
      reopen(content, refused = [], draftId = createId()) {
        compose.set({ draftId, start: content, focus: refused.length > 0 ? 'to' : 'body', refused })
      },
    }
  }, [compose, me, people, t, times])
}
