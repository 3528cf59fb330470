import { Trans } from '@lingui/react/macro'
import { Notice } from '../../components/notice.tsx'

/** What plain HTTP lacks, in words (the browser gives no locks, workers or strict cookies there). */
export function InsecureNotice() {
  return (
    <Notice tone="info">
      <Trans>
        This address is not encrypted (no HTTPS). You can sign in and talk, but others on the network could read along,
        the sign-in is kept less safely on this device, and the app cannot be installed.
      </Trans>
    </Notice>
  )
}
