import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { HardDriveDownload, Trash2 } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Button } from '../../components/button.tsx'
import { useBytes } from '../../i18n/use-bytes.ts'
import { findWorkerPlace } from '../../offline/worker.ts'
import { useApp } from '../../state/app-context.ts'
import { useAttempt, useTell } from '../../state/use-attempt.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'
import { useStorageWords } from '../frame/use-storage-words.ts'
import { Section, Setting } from './section.tsx'
import { type DeviceStorage, useDeviceStorage } from './use-device-storage.ts'

/** What this device keeps, whether it will stay, and the app as one of the device's own. */
export function DeviceSettings() {
  const { t } = useLingui()
  const { storage, look } = useDeviceStorage()
  const nothingKept = useStorageWords()
  const blocked = useSnapshot(snapshot => snapshot.storage === 'memory')
  return (
    <Section id="device" title={<Trans>On this device</Trans>}>
      <Setting label={t`Messages`}>
        {nothingKept === null ? <Kept storage={storage} /> : <p>{nothingKept}</p>}
        <Unsent />
        {nothingKept === null ? <Forget storage={storage} onDone={look} /> : null}
      </Setting>
      {blocked ? null : (
        <Setting label={t`Storage`}>
          <Room storage={storage} onAsked={look} />
        </Setting>
      )}
      <Setting label={t`Without a connection`}>
        <OfflineStart />
      </Setting>
      <Setting label={t`As an app`}>
        <Install />
      </Setting>
    </Section>
  )
}

function Kept({ storage: { kept } }: { readonly storage: DeviceStorage }) {
  const { t } = useLingui()
  if (!kept) return <p className="skeleton h-5 w-56" aria-hidden="true" />
  return (
    <p>
      {t({
        message: plural(kept.messages, {
          one: '# message is kept here, to be read and searched without a connection.',
          other: '# messages are kept here, to be read and searched without a connection.',
        }),
      })}
    </p>
  )
}

function Unsent() {
  const { t } = useLingui()
  const unsent = useSnapshot(({ outbox }) => outbox.waiting + outbox.refused)
  if (unsent === 0) return null
  return (
    <p>
      {t({ message: plural(unsent, { one: '# message is not sent yet.', other: '# messages are not sent yet.' }) })}
    </p>
  )
}

interface ForgetProps {
  readonly storage: DeviceStorage
  readonly onDone: () => Promise<void>
}

function Forget({ storage: { kept }, onDone }: ForgetProps) {
  const { t } = useLingui()
  const { client } = useApp()
  const attempt = useAttempt()
  const tell = useTell()
  const forget = async () => {
    if (await attempt(() => client.forgetMessages())) tell(t`Deleted from this device. The server still has them.`)
    await onDone()
  }
  return (
    <>
      <Button
        tone="danger"
        onClick={() => void forget()}
        disabled={!kept || kept.messages === 0}
        className="-ms-4 mt-1"
      >
        <Trash2 size={18} strokeWidth={1.75} aria-hidden="true" />
        <Trans>Delete them from this device</Trans>
      </Button>
      <p className="text-ink-muted text-meta">
        <Trans>They come back from the server as you open chats. What is not sent yet stays.</Trans>
      </p>
    </>
  )
}

interface RoomProps {
  readonly storage: DeviceStorage
  readonly onAsked: () => Promise<void>
}

function Room({ storage: { bytes, lasting }, onAsked }: RoomProps) {
  const { t } = useLingui()
  const tell = useTell()
  const format = useBytes()
  const used = bytes && format(bytes.used)
  const allowed = bytes && format(bytes.allowed)
  const ask = async () => {
    const agreed = await navigator.storage.persist().catch(() => false)
    if (!agreed) tell(t`The browser did not agree. It often does once Recado is installed, or used for a while.`)
    await onAsked()
  }
  return (
    <>
      {bytes ? (
        <p className="tabular">
          <Trans>
            {used}, of {allowed} that this browser allows.
          </Trans>
        </p>
      ) : null}
      {lasting === 'yes' ? (
        <p>
          <Trans>It stays until you delete it.</Trans>
        </p>
      ) : (
        <p>
          <Trans>The browser may delete it when it needs room.</Trans>
        </p>
      )}
      {lasting === 'no' ? (
        <Button onClick={() => void ask()} className="mt-2">
          <Trans>Ask the browser to keep it</Trans>
        </Button>
      ) : null}
    </>
  )
}

function OfflineStart() {
  switch (findWorkerPlace()) {
    case 'here':
      return (
        <p>
          <Trans>Recado starts, shows what is kept, and sends what you wrote once the connection is back.</Trans>
        </p>
      )
    case 'switched-off':
      return (
        <p>
          <Trans>This server has switched off starting without a connection. An open window goes on.</Trans>
        </p>
      )
    default:
      return (
        <p>
          <Trans>An open window goes on. Starting without a connection needs HTTPS.</Trans>
        </p>
      )
  }
}

function Install() {
  const { installing, secure } = useApp()
  const state = useSyncExternalStore(installing.state.subscribe, installing.state.get)
  if (state === 'installed') {
    return (
      <p>
        <Trans>Recado is installed.</Trans>
      </p>
    )
  }
  if (state === 'offered') {
    return (
      <Button onClick={() => void installing.ask()}>
        <HardDriveDownload size={18} strokeWidth={1.75} aria-hidden="true" />
        <Trans>Install Recado</Trans>
      </Button>
    )
  }
  return (
    <p>
      {secure ? (
        <Trans>Install it from the menu of your browser: “Install”, or “Add to Home Screen”.</Trans>
      ) : (
        <Trans>Installing needs HTTPS.</Trans>
      )}
    </p>
  )
}
