/**
 * Files that go with a letter: chosen, dropped on it or pasted. They go up at once and are in the draft on every device; one that
 * cannot says why.
 */
import { useLingui } from '@lingui/react/macro'
import type { DraftAttachment, DraftContent, DraftUpload, LocalAttachment, UploadedAttachment } from '@recado/client'
import { RotateCcw, X } from 'lucide-react'
import { classNames } from '../../../components/class-names.ts'
import { FileButton } from '../../../components/file-button.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { ProgressLine } from '../../../components/progress-line.tsx'
import { takeFiles } from '../../../components/take-files.ts'
import { useProblemWords } from '../../../i18n/problem-words.ts'
import { useTell } from '../../../state/use-attempt.ts'
import { useSnapshot } from '../../../state/use-snapshot.ts'
import { FileLine } from '../../conversation/files/file-row.tsx'
import { isPicture } from '../../conversation/files/thumbnail.tsx'
import { useMediaAddress } from '../../conversation/files/use-media-address.ts'
import { createId } from './create-id.ts'
import type { Letter } from './use-letter.ts'

/** What the server takes with one mail (`limits.attachmentsPerMail`). */
const most = 20

export function useAddFiles({ now, change }: Letter): (added: Iterable<File>) => void {
  const { t } = useLingui()
  const tell = useTell()
  return added => {
    const before = now()?.attachments ?? []
    // What is empty, as a folder is, cannot be sent.
    const fresh = [...added].filter(({ size }) => size > 0)
    const all = [...before, ...fresh.map(file => ({ id: createId(), name: file.name, blob: file }))]
    if (all.length > most) tell(t`A mail takes twenty files.`)
    change({ attachments: all.slice(0, most) })
  }
}

/** What is pasted the editor hands over itself. */
export function useLetterDrop(letter: Letter) {
  const { onDragOver, onDrop } = takeFiles(useAddFiles(letter))
  return { onDragOver, onDrop }
}

export function AttachFiles({ letter }: { readonly letter: Letter }) {
  return <FileButton onChoose={useAddFiles(letter)} />
}

interface AttachedFilesProps {
  readonly content: DraftContent
  readonly letter: Letter
  /** What was said of the files counts no more. */
  readonly onChange: () => void
}

export function AttachedFiles({ content, letter, onChange }: AttachedFilesProps) {
  const { t } = useLingui()
  const { attachments } = content
  if (attachments.length === 0) return null
  const replace = (index: number, by: readonly DraftAttachment[]) => {
    onChange()
    letter.change({ attachments: attachments.toSpliced(index, 1, ...by) })
  }
  return (
    <ul
      aria-label={t`Files`}
      className="flex max-h-[min(9rem,25dvh)] shrink-0 flex-wrap gap-1.5 overflow-y-auto border-line border-t p-2"
    >
      {attachments.map((file, index) =>
        'mediaId' in file ? (
          <UploadedFile key={file.id ?? file.mediaId} file={file} onRemove={() => replace(index, [])} />
        ) : (
          <LocalFile
            key={file.id}
            file={file}
            upload={letter.draft.uploads.find(({ id }) => id === file.id)}
            onRemove={() => replace(index, [])}
            onRetry={() => replace(index, [{ ...file, id: createId() }])}
          />
        ),
      )}
    </ul>
  )
}

const boxClass = 'animate-arrive flex min-h-14 max-w-full items-center gap-2 rounded border py-1 ps-1.5 max-md:w-full'

interface UploadedFileProps {
  readonly file: UploadedAttachment
  readonly onRemove: () => void
}

function UploadedFile({ file: { mediaId, name, size, type, blob }, onRemove }: UploadedFileProps) {
  const { t } = useLingui()
  const address = useMediaAddress()
  // Till the draft is saved with it, its bytes are here.
  const preview = !blob && isPicture({ type }) ? address.of(mediaId, 'preview') : undefined
  return (
    <li className={classNames(boxClass, 'border-line md:w-60')}>
      <FileLine name={name} type={type} bytes={size} preview={preview} {...(blob && { blob })}>
        <IconButton icon={X} label={t`Remove ${name}`} onClick={onRemove} />
      </FileLine>
    </li>
  )
}

interface LocalFileProps {
  readonly file: LocalAttachment
  readonly upload: DraftUpload | undefined
  readonly onRemove: () => void
  readonly onRetry: () => void
}

function LocalFile({ file: { name, blob }, upload, onRemove, onRetry }: LocalFileProps) {
  const { t } = useLingui()
  const words = useProblemWords()
  const online = useSnapshot(({ connection }) => connection.state === 'online')
  const { uploaded = 0, problem = null } = upload ?? {}
  const later = online ? null : <span className="text-fine text-ink-muted">{t`Goes up later`}</span>
  const note = problem ? (
    <span role="alert" className="text-failure-ink text-fine">
      {words(problem.code)}
    </span>
  ) : (
    later
  )
  return (
    <li className={classNames(boxClass, problem ? 'border-failure-ink md:w-80' : 'border-line md:w-60')}>
      <FileLine name={name} type={blob.type} bytes={blob.size} note={note} {...(problem === null && { blob })}>
        {problem === null && uploaded > 0 && uploaded < blob.size ? (
          <ProgressLine label={t`On its way`} value={uploaded / blob.size} className="w-12 shrink-0" />
        ) : null}
        {problem && blob.size > 0 ? (
          <IconButton icon={RotateCcw} label={t`Try ${name} again`} onClick={onRetry} />
        ) : null}
        <IconButton icon={X} label={t`Remove ${name}`} onClick={onRemove} />
      </FileLine>
    </li>
  )
}
