/** What was chosen to go with the message that is being written. */
import { useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { IconButton } from '../../../components/icon-button.tsx'
import { FileLine } from './file-row.tsx'

interface FileChipsProps {
  readonly files: readonly File[]
  readonly onRemove: (file: File) => void
}

export function FileChips({ files, onRemove }: FileChipsProps) {
  const { t } = useLingui()
  return (
    <ul aria-label={t`Files`} className="flex max-h-40 flex-wrap gap-1.5 overflow-y-auto border-line border-b p-1.5">
      {files.map((file, index) => {
        const { name } = file
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be chosen twice.
            key={`${name} ${index}`}
            className="animate-arrive flex min-h-14 w-60 max-w-full items-center gap-2 rounded bg-paper ps-1.5"
          >
            <FileLine name={name} type={file.type} bytes={file.size} blob={file}>
              <IconButton icon={X} label={t`Remove ${name}`} onClick={() => onRemove(file)} />
            </FileLine>
          </li>
        )
      })}
    </ul>
  )
}
