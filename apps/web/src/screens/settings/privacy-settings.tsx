import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Switch } from '../../components/switch.tsx'
import { useClient } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'
import { useMe } from '../../state/use-snapshot.ts'
import { Section } from './section.tsx'

/** What others see of this account, on whichever device it is used. */
export function PrivacySettings() {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const { readReceipts } = useMe()
  /** What was just chosen, until the server has it. */
  const [chosen, setChosen] = useState<'on' | 'off' | null>(null)
  const change = async (value: 'on' | 'off') => {
    setChosen(value)
    await attempt(() => client.setReadReceipts(value === 'on' ? 'shown' : 'hidden'))
    setChosen(null)
  }
  return (
    <Section id="privacy" title={<Trans>Privacy</Trans>}>
      <Switch
        label={t`Show others what I have read`}
        hint={t`When this is off, others see that your devices got a message, and nobody sees whether you have read it. Your own counts stay the same on all your devices.`}
        value={chosen ?? (readReceipts ? 'on' : 'off')}
        state={chosen ? 'saving' : 'saved'}
        onChange={value => void change(value)}
      />
    </Section>
  )
}
