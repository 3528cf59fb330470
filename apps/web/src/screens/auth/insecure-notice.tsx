import { Trans } from '@lingui/react/macro'
import { Notice } from '../../components/notice.tsx'

/** What plain HTTP lacks, in words (the browser gives no locks, workers or strict cookies there). */
export function InsecureNotice() {
  return (
    <Notice tone="info">
      <Trans>
        This address is not encrypted (no HTTPS). You can sign in and talk, but others on the network could read along,
        you stay signed in only while this tab is open, and the app cannot be installed.
      </Trans>
    </Notice>
  )
}
