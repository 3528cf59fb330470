/** Taking files in: by the button, dropped anywhere on the conversation, or pasted. */
import { useLingui } from '@lingui/react/macro'
import { useSyncExternalStore } from 'react'
import { takeFiles } from '../../../components/take-files.ts'
import { useTell } from '../../../state/use-attempt.ts'
import type { ComposerModel } from '../composer/composer-model.ts'

/** What the server takes with one message. */
const most = 10

export function usePickedFiles({ files }: ComposerModel): readonly File[] {
  return useSyncExternalStore(files.subscribe, files.get)
}

export function useAddFiles({ files }: ComposerModel): (added: Iterable<File>) => void {
  const { t } = useLingui()
  const tell = useTell()
  return added => {
    // What is empty, as a folder is, cannot be sent.
    const all = [...files.get(), ...[...added].filter(({ size }) => size > 0)]
    if (all.length > most) tell(t`A message takes ten files.`)
    files.set(all.slice(0, most))
  }
}

export function useFileDrop(model: ComposerModel) {
  return takeFiles(useAddFiles(model))
}
