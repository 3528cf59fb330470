import { Trans, useLingui } from '@lingui/react/macro'
import { createTone } from '../../alerts/play-tone.ts'
import { Switch } from '../../components/switch.tsx'
import { usePreferences } from '../../state/use-snapshot.ts'
import { Section } from './section.tsx'
import { useChange } from './use-change.ts'

/** How this device calls when somebody writes and nobody looks. */
export function AlertSettings() {
  const { t } = useLingui()
  const { sounds, toasts } = usePreferences()
  const change = useChange()
  return (
    <Section id="alerts" title={<Trans>When somebody writes</Trans>}>
      <Switch label={t`Show new messages of other chats`} value={toasts} onChange={next => change({ toasts: next })} />
      <Switch
        label={t`Play a quiet sound`}
        hint={t`While you look elsewhere. Never for muted chats.`}
        value={sounds}
        onChange={next => {
          change({ sounds: next })
          if (next === 'on') createTone().play()
        }}
      />
    </Section>
  )
}
