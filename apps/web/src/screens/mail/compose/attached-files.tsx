/** Files that go with a letter: chosen, dropped on it or pasted; each shows how far it is on its way. */
import { useLingui } from '@lingui/react/macro'
import type { DraftAttachment, DraftContent } from '@recado/client'
import { X } from 'lucide-react'
import { FileButton } from '../../../components/file-button.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { takeFiles } from '../../../components/take-files.ts'
import { useTell } from '../../../state/use-attempt.ts'
import { FileLine } from '../../conversation/files/file-row.tsx'
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
    const all = [...before, ...fresh.map(file => ({ name: file.name, blob: file, uploaded: 0 }))]
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

export function AttachedFiles({ content, letter }: { readonly content: DraftContent; readonly letter: Letter }) {
  const { t } = useLingui()
  const { attachments } = content
  if (attachments.length === 0) return null
  return (
    <ul
      aria-label={t`Files`}
      className="flex max-h-36 shrink-0 flex-wrap gap-1.5 overflow-y-auto border-line border-t p-2"
    >
      {attachments.map((file, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be chosen twice.
          key={`${file.name} ${index}`}
          className="animate-arrive flex min-h-14 w-60 max-w-full items-center gap-2 rounded border border-line ps-1.5"
        >
          <AttachedFile
            file={file}
            onRemove={() => letter.change({ attachments: attachments.filter((_, at) => at !== index) })}
          />
        </li>
      ))}
    </ul>
  )
}

function AttachedFile({ file, onRemove }: { readonly file: DraftAttachment; readonly onRemove: () => void }) {
  const { t } = useLingui()
  const { name } = file
  const remove = <IconButton icon={X} label={t`Remove ${name}`} onClick={onRemove} />
  if ('mediaId' in file) {
    return (
      <FileLine name={name} type={file.type} bytes={file.size}>
        {remove}
      </FileLine>
    )
  }
  const { blob, uploaded } = file
  return (
    <FileLine name={name} type={blob.type} bytes={blob.size} blob={blob}>
      {uploaded > 0 && uploaded < blob.size ? (
        <progress aria-label={t`On its way`} value={uploaded} max={blob.size} className="h-1 w-12" />
      ) : null}
      {remove}
    </FileLine>
  )
}
