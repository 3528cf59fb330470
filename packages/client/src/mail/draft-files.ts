/**
 * The files of a draft on their way: chosen here (`LocalAttachment`), on the server, in the draft on the server. Each function
 * is a step on the row that all tabs share, as in `draft-row.ts`. A file keeps its id and its bytes on the device that gave it until the
 * server has the draft with it: what the server had forgotten by then goes up again.
 */
import { type Attachment, createProblem, type MediaId, type Problem } from '@recado/protocol'
import type { CachedDraft, KeptUpload } from '../cache/rows.ts'
import type { Step } from './draft-row.ts'
import type { DraftAttachment, DraftContent, LocalAttachment } from './mail-api.ts'

export function isLocal(file: DraftAttachment): file is LocalAttachment {
  return !('mediaId' in file)
}

export function localFiles({ attachments }: DraftContent): LocalAttachment[] {
  return attachments.filter(isLocal)
}

export function withoutLocal(content: DraftContent): DraftContent {
  const attachments = content.attachments.filter(file => !isLocal(file))
  return attachments.length === content.attachments.length ? content : { ...content, attachments }
}

/** What somebody wrote names files as they were shown: what became of them since is known here. */
export function knownFiles(written: DraftContent, shown: DraftContent | null): DraftContent {
  if (!shown) return written
  return changeFiles(written, file => shown.attachments.find(known => isSameFile(known, file)) ?? file)
}

function isSameFile(a: DraftAttachment, b: DraftAttachment): boolean {
  if (a.id !== undefined && a.id === b.id) return true
  return !(isLocal(a) || isLocal(b)) && a.mediaId === b.mediaId
}

/** The server has a draft with these. */
export function withoutBytes(content: DraftContent, there: ReadonlySet<MediaId>): DraftContent {
  return changeFiles(content, file => {
    if (isLocal(file) || !file.blob || !there.has(file.mediaId)) return file
    const { blob: _, ...rest } = file
    return rest
  })
}

/** The same object where nothing changes. */
function changeFiles(content: DraftContent, change: (file: DraftAttachment) => DraftAttachment): DraftContent {
  const attachments = content.attachments.map(change)
  return attachments.every((file, index) => file === content.attachments[index]) ? content : { ...content, attachments }
}

export function begun(id: string, mediaId: MediaId): Step {
  return row => ({ row: row && noted(row, id, { mediaId, problem: null }) })
}

export function refused(id: string, problem: Problem): Step {
  return row => ({ row: row && noted(row, id, { mediaId: row.uploads?.[id]?.mediaId ?? null, problem }) })
}

/** It is on the server, as the server shows it, and the draft is to be saved with it. */
export function arrived(id: string, { id: mediaId, name, type, bytes }: Attachment): Step {
  return row => {
    if (!row) return { row }
    const content = changeFiles(row.content, file =>
      isLocal(file) && file.id === id ? { mediaId, name, type, size: bytes, id, blob: file.blob } : file,
    )
    if (content === row.content) return { row }
    const { [id]: _, ...uploads } = row.uploads ?? {}
    return { row: { ...row, content, uploads, state: row.state === 'discarded' ? row.state : 'kept' } }
  }
}

/** The server has them no more: what this device still has goes up again, of the rest stays that it was there. */
export function missing(mediaIds: ReadonlySet<MediaId>): Step {
  return row => {
    if (!row) return { row }
    let next = row
    const content = changeFiles(row.content, file => {
      if (isLocal(file) || !mediaIds.has(file.mediaId)) return file
      const { mediaId, name, id = mediaId, blob } = file
      const problem = blob ? null : createProblem('attachment-unavailable')
      next = { ...next, uploads: { ...next.uploads, [id]: { mediaId: null, problem } } }
      return { id, name, blob: blob ?? new Blob([]) }
    })
    return { row: content === row.content ? row : { ...next, content } }
  }
}

/** Of files that are no more in the draft nothing is kept. */
function noted(row: CachedDraft, id: string, upload: KeptUpload): CachedDraft {
  const ids = new Set(localFiles(row.content).map(file => file.id))
  if (!ids.has(id)) return row
  const kept = Object.entries({ ...row.uploads, [id]: upload }).filter(([key]) => ids.has(key))
  return { ...row, uploads: Object.fromEntries(kept) }
}
