import type { Media } from '@recado/protocol'
import { refuse } from '../problem.ts'
import type { MediaRow } from '../store/media.ts'
import { handle } from './handler.ts'

/** Shorter than any request may take. */
const waitMs = 5_000

export const mediaGet = handle('media.get', async ({ store, media }, { mediaId }, { accountId }) => {
  const find = async () => {
    const row = await store.media.find(mediaId)
    return row === null || row.accountId !== accountId ? null : present(row)
  }
  const found = (await find()) ?? refuse('not-found')
  if (found.state !== 'inspecting') return found
  await media.inspector.whenInspected(mediaId, waitMs)
  return (await find()) ?? refuse('not-found')
})

/** What is doomed is as good as gone. */
function present(row: MediaRow): Media | null {
  const { id } = row
  switch (row.state) {
    case 'uploading':
      return { state: row.state, id, offset: row.received, bytes: row.length }
    case 'inspecting':
      return { state: row.state, id }
    case 'ready':
      return { state: row.state, id, attachment: row.attachment }
    case 'refused':
      return { state: row.state, id, reason: row.refusal }
    case 'doomed':
      return null
  }
}
