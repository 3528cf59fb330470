import { useLingui } from '@lingui/react/macro'
import type { Mail } from '@recado/protocol'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Loading } from '../../../components/skeleton.tsx'
import { MailFrame } from './mail-frame.tsx'
import { MailText } from './mail-text.tsx'
import { useBodyAddress } from './use-body-address.ts'

/** What was written: plain text as such, anything formatted in a frame where it can do nothing; away from the server its text. */
export function MailBody({ mail }: { readonly mail: Mail }) {
  return mail.html === null ? <MailText text={mail.text} /> : <FormattedBody mail={mail} html={mail.html} />
}

/** A picture by its address, which the server stored as it came. */
const fromElsewhere = /<img[^>]+src="https?:/iu

function FormattedBody({ mail, html }: { readonly mail: Mail; readonly html: string }) {
  const { t } = useLingui()
  const [pictures, setPictures] = useState<'hidden' | 'shown'>('hidden')
  const address = useBodyAddress(mail.id, pictures)
  if (address === 'none') return <MailText text={mail.text} />
  if (address === 'unknown') {
    return (
      <Loading className="flex min-h-24 flex-col gap-3">
        <div className="flex flex-col gap-3">
          <div className="skeleton h-4 w-11/12" />
          <div className="skeleton h-4 w-2/3" />
        </div>
      </Loading>
    )
  }
  const show = <Button onClick={() => setPictures('shown')}>{t`Show them`}</Button>
  return (
    <>
      {pictures === 'hidden' && fromElsewhere.test(html) ? (
        <Notice tone="info" action={show}>
          {t`Pictures from elsewhere are not loaded: their senders would learn that you read this.`}
        </Notice>
      ) : null}
      <MailFrame address={address.href} title={t`Text of the mail`} />
    </>
  )
}
