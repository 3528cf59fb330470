import { Trans, useLingui } from '@lingui/react/macro'
import { ChoiceGroup } from '../../components/choice-group.tsx'
import { languages } from '../../i18n/languages.ts'
import { usePreferences } from '../../state/use-snapshot.ts'
import { Section, Setting } from './section.tsx'
import { useChange } from './use-change.ts'

/** How the app looks and speaks on this device. */
export function Appearance() {
  const { t } = useLingui()
  const now = usePreferences()
  const change = useChange()
  return (
    <Section id="appearance" title={<Trans>Appearance</Trans>}>
      <Setting label={t`Theme`}>
        <ChoiceGroup
          label={t`Theme`}
          choices={[
            { id: 'system', name: t`Like the system` },
            { id: 'light', name: t`Light` },
            { id: 'dark', name: t`Dark` },
          ]}
          value={now.theme}
          onChange={theme => change({ theme })}
        />
      </Setting>
      <Setting label={t`Room between lines`}>
        <ChoiceGroup
          label={t`Room between lines`}
          choices={[
            { id: 'comfortable', name: t`Comfortable` },
            { id: 'compact', name: t`Compact` },
          ]}
          value={now.density}
          onChange={density => change({ density })}
        />
      </Setting>
      <TextSize />
      <Setting label={t`Language`}>
        <ChoiceGroup
          label={t`Language`}
          choices={languages}
          value={now.language}
          onChange={language => change({ language })}
        />
      </Setting>
      <Setting label={t`Clock`}>
        <ChoiceGroup
          label={t`Clock`}
          choices={[
            { id: 'auto', name: t`As usual here` },
            { id: '12', name: t`12 hours` },
            { id: '24', name: t`24 hours` },
          ]}
          value={now.timeFormat}
          onChange={timeFormat => change({ timeFormat })}
        />
      </Setting>
    </Section>
  )
}

function TextSize() {
  const { t } = useLingui()
  const { textSize } = usePreferences()
  const change = useChange()
  return (
    <Setting label={t`Size of message text`}>
      <ChoiceGroup
        label={t`Size of message text`}
        choices={[
          { id: 'small', name: t`Small` },
          { id: 'medium', name: t`Medium` },
          { id: 'large', name: t`Large` },
          { id: 'largest', name: t`Largest` },
        ]}
        value={textSize}
        onChange={next => change({ textSize: next })}
      />
      <p className="mt-2 w-fit rounded-lg rounded-es-sm bg-surface px-3 py-1.5 text-message" aria-hidden="true">
        <Trans>This is how a message reads.</Trans>
      </p>
    </Setting>
  )
}
