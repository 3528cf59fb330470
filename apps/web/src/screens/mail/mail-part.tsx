/** What every part of mail stands on: its words and the SDK's mail part, both loaded when they are first needed. */
import { useLingui } from '@lingui/react'
import type { Client, MailClient } from '@recado/client'
import { type ReactNode, useEffect, useState } from 'react'
import { joinWords } from '../../i18n/part-words.ts'
import { PartMissingError } from '../../parts/part-missing-error.ts'
import { useArrived } from '../../parts/use-arrived.ts'
import { useClient } from '../../state/app-context.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'
import { MailContext } from './use-mail.ts'

interface Loaded {
  readonly signIn: number
  readonly mail: Promise<MailClient>
}

/** How long what stands on the frame waits before it tries again. */
const retryMs = 30_000

const parts = new WeakMap<Client, Loaded>()

/** The same promise for the same sign-in, so that a component can wait for it. */
function loadMail(client: Client, signIn: number): Promise<MailClient> {
  const known = parts.get(client)
  if (known?.signIn === signIn) return known.mail
  const mail = client.mail().catch((cause: unknown) => {
    throw new PartMissingError(cause, () => parts.delete(client))
  })
  parts.set(client, { signIn, mail })
  return mail
}

interface MailPartProps {
  /** Shown until words and mails can be. */
  readonly fallback?: ReactNode
  readonly children: ReactNode
}

export function MailPart({ fallback = null, children }: MailPartProps) {
  const client = useClient()
  const signIn = useSnapshot(snapshot => snapshot.signIn)
  const words = useArrived(joinWords('mail', useLingui().i18n))
  const mail = useArrived(loadMail(client, signIn))
  return words && mail ? <MailContext value={mail.value}>{children}</MailContext> : fallback
}

/** The same on the frame, which must not go down with it: nothing until mail is there, and again after a while where it cannot be loaded. */
export function QuietMailPart({ children }: { readonly children: ReactNode }) {
  const client = useClient()
  const signIn = useSnapshot(snapshot => snapshot.signIn)
  const { i18n } = useLingui()
  const [mail, setMail] = useState<MailClient | null>(null)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let current = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const again = (error: unknown) => {
      if (error instanceof PartMissingError) error.forget()
      if (current) timer = setTimeout(() => setAttempt(attempt + 1), retryMs)
    }
    Promise.all([loadMail(client, signIn), joinWords('mail', i18n)]).then(([found]) => {
      if (current) setMail(found)
    }, again)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [client, signIn, i18n, attempt])
  return mail ? <MailContext value={mail}>{children}</MailContext> : null
}
