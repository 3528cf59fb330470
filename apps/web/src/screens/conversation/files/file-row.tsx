import { useLingui } from '@lingui/react/macro'
import { Download, File, FileArchive, FileText, Film, Image, type LucideIcon, Music } from 'lucide-react'
import type { ReactNode } from 'react'
import { useBytes } from '../../../i18n/use-bytes.ts'
import { isPicture, Thumbnail } from './thumbnail.tsx'

function glyphOf(type: string): LucideIcon {
  if (type.startsWith('image/')) return Image
  if (type.startsWith('video/')) return Film
  if (type.startsWith('audio/')) return Music
  if (type.startsWith('text/') || type === 'application/pdf') return FileText
  return /zip|compressed/.test(type) ? FileArchive : File
}

interface FileLineProps {
  readonly name: string
  readonly type: string
  readonly bytes: number
  /** Where it is still on this device: a picture then stands for itself. */
  readonly blob?: Blob
  /** Where it is on the server: the address of a small picture of it. */
  readonly preview?: string | undefined
  /** What there is to say of it beside its size. */
  readonly note?: ReactNode
  readonly children?: ReactNode
}

/** What a file is, what it is called and how large it is. */
export function FileLine({ name, type, bytes, blob, preview, note, children }: FileLineProps) {
  const size = useBytes()
  const Glyph = glyphOf(type)
  return (
    <>
      <span className="flex size-10 shrink-0 items-center justify-center overflow-hidden rounded bg-ink/8 text-ink-muted">
        {blob && isPicture(blob) ? (
          <Thumbnail blob={blob} />
        ) : preview === undefined ? (
          <Glyph size={20} strokeWidth={1.75} aria-hidden="true" />
        ) : (
          <img src={preview} alt="" decoding="async" className="size-full object-cover" />
        )}
      </span>
      <span className="flex min-w-0 flex-1 flex-col text-start">
        <bdi dir="auto" className="truncate font-medium text-meta">
          {name}
        </bdi>
        <span className="tabular text-fine text-ink-muted">{size(bytes)}</span>
        {note}
      </span>
      {children}
    </>
  )
}

interface FileRowProps extends Pick<FileLineProps, 'name' | 'type' | 'bytes'> {
  readonly href: string | undefined
}

export function FileRow({ href, ...file }: FileRowProps) {
  const { t } = useLingui()
  return (
    <a
      href={href}
      download={file.name}
      title={t`Download`}
      className="flex size-full items-center gap-2.5 rounded px-1.5 hover:bg-ink/5"
    >
      <FileLine {...file}>
        <Download size={18} strokeWidth={1.75} className="shrink-0 text-ink-muted" aria-hidden="true" />
      </FileLine>
    </a>
  )
}
