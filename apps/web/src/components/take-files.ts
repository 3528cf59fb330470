import type { ClipboardEvent, DragEvent } from 'react'

/** Takes files that are dropped or pasted; what else is dropped or pasted goes on to whoever takes it. */
export function takeFiles(add: (files: Iterable<File>) => void) {
  const take = (event: Pick<DragEvent, 'preventDefault'>, { files }: DataTransfer) => {
    if (files.length === 0) return
    event.preventDefault()
    add(files)
  }
  return {
    onDragOver: (event: DragEvent) => {
      if (event.dataTransfer.types.includes('Files')) event.preventDefault()
    },
    onDrop: (event: DragEvent) => take(event, event.dataTransfer),
    onPaste: (event: ClipboardEvent) => take(event, event.clipboardData),
  }
}
