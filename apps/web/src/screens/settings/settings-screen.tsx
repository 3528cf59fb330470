import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { ChoiceGroup } from '../../components/choice-group.tsx'
import { languages } from '../../i18n/languages.ts'
import { useApp } from '../../state/app-context.ts'
import type { Preferences, Theme } from '../../state/preferences.ts'
import { useMe, usePreferences } from '../../state/use-snapshot.ts'
import { InsecureNotice } from '../auth/insecure-notice.tsx'
import { ConnectionMark } from '../frame/connection-mark.tsx'
import { Sessions } from './sessions.tsx'
import { SignOut } from './sign-out.tsx'

export function SettingsScreen() {
  const { secure } = useApp()
  const me = useMe()
  return (
    <main className="min-h-0 flex-1 overflow-y-auto bg-paper">
      <div className="mx-auto flex max-w-xl flex-col gap-8 px-4 pb-10 md:pt-6">
        <div>
          <h1 className="flex h-14 items-center font-semibold text-title md:text-display">
            <Trans>Settings</Trans>
          </h1>
          <ConnectionMark shape="line" />
          <div className="flex items-center gap-4 pt-2">
            <Avatar id={me.id} name={me.displayName} size="lg" />
            <div className="min-w-0">
              <p dir="auto" className="spoken font-semibold text-title">
                {me.displayName}
              </p>
              <bdi className="spoken block text-ink-muted">@{me.username}</bdi>
              {me.email ? <bdi className="spoken block text-ink-muted">{me.email}</bdi> : null}
            </div>
          </div>
        </div>
        {secure ? null : <InsecureNotice />}
        <Appearance />
        <Section title={<Trans>Devices signed in</Trans>}>
          <Sessions />
        </Section>
        <SignOut />
      </div>
    </main>
  )
}

function Appearance() {
  const { t } = useLingui()
  const { preferences } = useApp()
  const { theme, language } = usePreferences()
  const change = (part: Partial<Preferences>) => preferences.set({ ...preferences.get(), ...part })
  const themes: readonly { id: Theme; name: string }[] = [
    { id: 'system', name: t`Like the system` },
    { id: 'light', name: t`Light` },
    { id: 'dark', name: t`Dark` },
  ]
  return (
    <>
      <Section title={<Trans>Theme</Trans>}>
        <ChoiceGroup label={t`Theme`} choices={themes} value={theme} onChange={id => change({ theme: id })} />
      </Section>
      <Section title={<Trans>Language</Trans>}>
        <ChoiceGroup
          label={t`Language`}
          choices={languages}
          value={language}
          onChange={id => change({ language: id })}
        />
      </Section>
    </>
  )
}

function Section({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  return (
    <section>
      <h2 className="pb-2 font-semibold text-lead">{title}</h2>
      {children}
    </section>
  )
}
