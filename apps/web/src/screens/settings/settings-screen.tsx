import { Trans } from '@lingui/react/macro'
import { Avatar } from '../../components/avatar.tsx'
import { useApp } from '../../state/app-context.ts'
import { useMe } from '../../state/use-snapshot.ts'
import { InsecureNotice } from '../auth/insecure-notice.tsx'
import { ConnectionMark } from '../frame/connection-mark.tsx'
import { Signature } from '../mail/signature.tsx'
import { About } from './about.tsx'
import { AlertSettings } from './alert-settings.tsx'
import { Appearance } from './appearance.tsx'
import { DeviceSettings } from './device-settings.tsx'
import { KeySettings } from './key-settings.tsx'
import { PrivacySettings } from './privacy-settings.tsx'
import { Section } from './section.tsx'
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
        <AlertSettings />
        <PrivacySettings />
        <Section id="mail" title={<Trans>Signature of your mails</Trans>}>
          <Signature />
        </Section>
        <KeySettings />
        <DeviceSettings />
        <Section id="sessions" title={<Trans>Devices signed in</Trans>}>
          <Sessions />
        </Section>
        <About />
        <SignOut />
      </div>
    </main>
  )
}
