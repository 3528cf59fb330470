/** One file of a message: a picture with what stands for it until it is there, a film, a sound, or a row to save it by. */
import { useLingui } from '@lingui/react/macro'
import type { Attachment } from '@recado/protocol'
import { useState } from 'react'
import { thumbHashToDataURL } from 'thumbhash'
import { useShowOverlay } from '../../../state/frame-overlay.ts'
import { FileRow } from './file-row.tsx'
import { type MediaAddress, useMediaAddress } from './use-media-address.ts'

interface AttachmentViewProps {
  readonly files: readonly Attachment[]
  readonly index: number
}

export function AttachmentView({ files, index }: AttachmentViewProps) {
  const address = useMediaAddress()
  const file = files[index]
  if (!file) return null
  if (file.width !== null) return <Picture file={file} files={files} address={address} />
  if (file.type.startsWith('video/') && isPlayable(file.type)) {
    return (
      // biome-ignore lint/a11y/useMediaCaption: people's own films have none.
      <video
        src={address.of(file.id, 'original')}
        aria-label={file.name}
        controls
        preload="metadata"
        className="size-full bg-ink/10 object-contain"
      />
    )
  }
  return <FileRow name={file.name} type={file.type} bytes={file.bytes} href={address.of(file.id, 'original')} />
}

/** What the server serves to be shown, and not only to be saved. */
function isPlayable(type: string): boolean {
  return type === 'video/mp4' || type === 'video/webm'
}

interface PictureProps {
  readonly file: Attachment
  readonly files: readonly Attachment[]
  readonly address: MediaAddress
}

function Picture({ file, files, address }: PictureProps) {
  const { t } = useLingui()
  const { name } = file
  const show = useShowOverlay()
  const [loaded, setLoaded] = useState(false)
  const pictures = files.filter(({ width }) => width !== null)
  return (
    <button
      type="button"
      aria-label={t`Show ${name}`}
      onClick={() => show({ kind: 'viewer', files: pictures, index: pictures.indexOf(file) })}
      className="block size-full cursor-zoom-in"
    >
      <img
        src={file.placeholder === null ? undefined : placeholderOf(file.placeholder)}
        alt=""
        className="absolute inset-0 size-full object-cover"
      />
      <img
        src={address.of(file.id, 'preview')}
        alt=""
        decoding="async"
        onLoad={() => setLoaded(true)}
        onError={address.renew}
        className={`relative size-full object-cover transition-opacity duration-150 ${loaded ? '' : 'opacity-0'}`}
      />
    </button>
  )
}

/** What is not one shows as nothing. */
function placeholderOf(text: string): string | undefined {
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(text), char => char.charCodeAt(0)))
  } catch {
    return undefined
  }
}
