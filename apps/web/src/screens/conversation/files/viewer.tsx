/** Pictures of a message over the whole screen: by keys, by taps, one after the other, and larger than the screen. */
import { Dialog } from '@base-ui/react/dialog'
import { useLingui } from '@lingui/react/macro'
import type { Attachment } from '@recado/protocol'
import { ChevronLeft, ChevronRight, Download, type LucideIcon, X, ZoomIn, ZoomOut } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { classNames } from '../../../components/class-names.ts'
import { useFocusReturn } from '../../../components/use-focus-return.ts'
import { useHistoryEntry } from '../../../components/use-history-entry.ts'
import { isKey } from '../../../keys/match-key.ts'
import { useMediaAddress } from './use-media-address.ts'

export interface ViewedFiles {
  readonly files: readonly Attachment[]
  readonly index: number
}

interface ViewerProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly viewed: ViewedFiles | null
}

const tool =
  'inline-flex size-11 shrink-0 items-center justify-center rounded text-on-stage hover:bg-on-stage/15 focus-visible:outline-on-stage'

export function Viewer({ open, onClose, viewed }: ViewerProps) {
  useHistoryEntry(open, onClose)
  useFocusReturn(open)
  return (
    <Dialog.Root open={open} onOpenChange={next => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="floating fixed inset-0 z-40 bg-stage" />
        <Dialog.Popup
          className="floating fixed inset-0 z-50 flex flex-col text-on-stage outline-none"
          data-testid="viewer"
        >
          {viewed ? <Pictures key={viewed.files[0]?.id} {...viewed} /> : null}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Pictures({ files, index }: ViewedFiles) {
  const { t } = useLingui()
  const [at, setAt] = useState(index)
  const [zoomed, setZoomed] = useState(false)
  const address = useMediaAddress()
  const file = files[at]
  if (!file) return null
  const go = (by: number) => {
    setAt(Math.min(Math.max(at + by, 0), files.length - 1))
    setZoomed(false)
  }
  const onKeyDown = ({ nativeEvent }: KeyboardEvent) => {
    if (isKey(nativeEvent, 'nextInRow')) go(1)
    else if (isKey(nativeEvent, 'previousInRow')) go(-1)
  }
  const original = address.of(file.id, 'original')
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the dialog, whose buttons do the same.
    <div className="flex min-h-0 flex-1 flex-col" onKeyDown={onKeyDown}>
      <header className="flex shrink-0 items-center gap-1 ps-4 pe-1.5 text-on-stage">
        <Dialog.Title className="min-w-0 flex-1 truncate text-meta" dir="auto">
          {file.name}
        </Dialog.Title>
        <span className="tabular px-2 text-meta text-on-stage/80">
          {files.length > 1 ? `${at + 1} / ${files.length}` : null}
        </span>
        <Tool
          icon={zoomed ? ZoomOut : ZoomIn}
          label={zoomed ? t`Fit to screen` : t`Full size`}
          onClick={() => setZoomed(!zoomed)}
        />
        {original ? (
          <a href={original} download={file.name} aria-label={t`Download`} title={t`Download`} className={tool}>
            <Download size={20} strokeWidth={1.75} aria-hidden="true" />
          </a>
        ) : null}
        <Dialog.Close aria-label={t`Close`} title={t`Close`} className={tool}>
          <X size={20} strokeWidth={1.75} aria-hidden="true" />
        </Dialog.Close>
      </header>
      <div className="relative flex min-h-0 flex-1">
        <div
          className={classNames(
            'flex min-h-0 flex-1',
            zoomed ? 'overflow-auto' : 'items-center justify-center overflow-hidden p-2',
          )}
        >
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the button above does the same. */}
          <img
            key={file.id}
            src={original}
            alt={file.name}
            width={file.width ?? undefined}
            height={file.height ?? undefined}
            onClick={() => setZoomed(!zoomed)}
            style={{ backgroundImage: `url(${address.of(file.id, 'preview')})` }}
            className={classNames(
              'm-auto bg-contain',
              zoomed ? 'max-w-none' : 'max-h-full max-w-full object-contain h-auto w-auto',
            )}
          />
        </div>
        {at > 0 ? <Tool icon={ChevronLeft} label={t`Previous`} onClick={() => go(-1)} place="start-2" /> : null}
        {at < files.length - 1 ? (
          <Tool icon={ChevronRight} label={t`Next`} onClick={() => go(1)} place="end-2" />
        ) : null}
      </div>
    </div>
  )
}

interface ToolProps {
  readonly icon: LucideIcon
  readonly label: string
  readonly onClick: () => void
  /** Over the picture, at one of its sides. */
  readonly place?: string
}

function Tool({ icon: Icon, label, onClick, place }: ToolProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className={classNames(tool, place && `absolute inset-y-0 my-auto bg-stage/60 ${place}`)}
    >
      <Icon size={20} strokeWidth={1.75} className={place && 'rtl:-scale-x-100'} aria-hidden="true" />
    </button>
  )
}
