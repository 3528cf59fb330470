/**
 * The files of a message. Their place is as large from the start as they will be, whatever has been loaded of them: nothing
 * below moves. How they look is loaded with the first that is shown.
 */
import type { PendingView } from '@recado/client'
import type { Attachment } from '@recado/protocol'
import type { CSSProperties } from 'react'
import { lazyView } from '../../../parts/lazy-view.tsx'

const AttachmentView = lazyView<{ files: readonly Attachment[]; index: number }>(() =>
  import('./attachment-view.tsx').then(module => module.AttachmentView),
)
const PendingFiles = lazyView<{ pending: PendingView }>(
  () => import('./pending-files.tsx').then(module => module.PendingFiles),
  { loading: ({ pending }) => <span style={{ height: `${pending.files.length * 3.5}rem` }} /> },
)

/** Pixels that a picture takes at most, either way. */
const side = 320

function boxOf({ type, width, height }: Attachment): CSSProperties {
  if (type.startsWith('video/')) return { width: side, aspectRatio: 16 / 9 }
  if (width === null || height === null) return { width: '17rem', height: '3.25rem' }
  const shrunk = Math.min(1, side / Math.max(width, height))
  return { width: Math.max(width * shrunk, 64), aspectRatio: width / Math.max(height, 1), minHeight: 40 }
}

export function Attachments({ files }: { readonly files: readonly Attachment[] }) {
  return files.map((file, index) => (
    <div key={file.id} style={boxOf(file)} className="relative my-1 max-w-full overflow-hidden rounded">
      <AttachmentView files={files} index={index} />
    </div>
  ))
}

export function FilesOnTheirWay({ pending }: { readonly pending: PendingView }) {
  return <PendingFiles pending={pending} />
}
