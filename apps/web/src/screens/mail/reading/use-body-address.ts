/** Where the body of a mail can be loaded from into a frame. The address carries what proves who asks, for this one mail. */
import type { MailId } from '@recado/protocol'
import { useEffect, useState } from 'react'
import { useClient } from '../../../state/app-context.ts'
import { useMedia } from '../../../state/use-media.ts'
import { usePreferences, useSnapshot } from '../../../state/use-snapshot.ts'

type BodyAddress = 'unknown' | 'none' | { readonly href: string }

export function useBodyAddress(id: MailId, pictures: 'hidden' | 'shown'): BodyAddress {
  const client = useClient()
  const online = useSnapshot(({ connection }) => connection.state === 'online')
  const systemIsDark = useMedia('(prefers-color-scheme: dark)')
  const { theme } = usePreferences()
  const [token, setToken] = useState<string | false | null>(null)
  const known = typeof token === 'string'
  // A frame that stands stays as it is when the connection goes.
  useEffect(() => {
    if (known) return
    if (!online) return setToken(false)
    let current = true
    client.call('mail.getBodyToken', { mailId: id }).then(
      answer => current && setToken(answer.token),
      () => current && setToken(false),
    )
    return () => {
      current = false
    }
  }, [client, id, known, online])
  if (token === null) return 'unknown'
  if (token === false) return 'none'
  const dark = theme === 'dark' || (theme === 'system' && systemIsDark)
  const wanted = new URLSearchParams({
    token,
    ...(pictures === 'shown' ? { remote: '1' } : {}),
    ...(dark ? { theme: 'dark' } : {}),
  })
  return { href: `/v1/mails/${id}/body?${wanted}` }
}
