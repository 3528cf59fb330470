import { Trans, useLingui } from '@lingui/react/macro'
import { Keyboard } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { Switch } from '../../components/switch.tsx'
import { useShowOverlay } from '../../state/frame-overlay.ts'
import { usePreferences } from '../../state/use-snapshot.ts'
import { Section } from './section.tsx'
import { useChange } from './use-change.ts'

export function KeySettings() {
  const { t } = useLingui()
  const { singleKeys } = usePreferences()
  const change = useChange()
  const show = useShowOverlay()
  return (
    <Section id="keyboard" title={<Trans>Keyboard</Trans>}>
      <Switch
        label={t`Keys without Ctrl or Alt`}
        hint={t`Switch them off if you speak to your device, or type them by accident.`}
        value={singleKeys}
        onChange={next => change({ singleKeys: next })}
      />
      <Button onClick={() => show({ kind: 'keys' })} className="mt-2">
        <Keyboard size={18} strokeWidth={1.75} aria-hidden="true" />
        <Trans>Show all keys</Trans>
      </Button>
    </Section>
  )
}
