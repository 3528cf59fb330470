/** Files that go up: what they are, how far they got, and a way to stop it. */
import { useLingui } from '@lingui/react/macro'
import type { PendingView } from '@recado/client'
import { X } from 'lucide-react'
import { IconButton } from '../../../components/icon-button.tsx'
import { ProgressLine } from '../../../components/progress-line.tsx'
import { useClient } from '../../../state/app-context.ts'
import { useAttempt } from '../../../state/use-attempt.ts'
import { FileLine } from './file-row.tsx'

export function PendingFiles({ pending }: { readonly pending: PendingView }) {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const { files, uploaded, state } = pending
  const total = files.reduce((sum, { blob }) => sum + blob.size, 0)
  const stops = state === 'waiting' && uploaded < total
  return (
    <div className="flex w-72 max-w-full flex-col gap-1 py-1">
      {files.map(({ name, blob }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files may be alike, and none moves.
        <div key={index} className="flex min-h-12 items-center gap-2.5">
          <FileLine name={name} type={blob.type} bytes={blob.size} blob={blob} />
          {index === 0 && stops ? (
            <IconButton icon={X} label={t`Cancel`} onClick={() => void attempt(() => client.cancel(pending.entryId))} />
          ) : null}
        </div>
      ))}
      {state === 'refused' ? null : (
        <ProgressLine label={t`Upload`} value={total === 0 ? 0 : uploaded / total} className="w-full" />
      )}
    </div>
  )
}
