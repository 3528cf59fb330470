/** The gate of every file: only who may see a message or a mail that refers to it, or has it on a draft, learns that it is there (L8). */
import type { AccountId, MediaId } from '@recado/protocol'
import { refuse } from '../problem.ts'
import type { MediaSight, StoredVariant } from '../store/media.ts'
import type { Store } from '../store/store.ts'
import { maySee } from './sight.ts'

/** Raises `not-found`. */
export async function requireVariant(
  store: Pick<Store, 'media'>,
  reader: AccountId,
  { id, variant }: { readonly id: MediaId; readonly variant: 'original' | 'preview' },
): Promise<StoredVariant> {
  const sights = await store.media.findSights(id, reader)
  if (!sights.some(isSeen)) refuse('not-found')
  return (await store.media.findVariant(id, variant)) ?? refuse('not-found')
}

/** A mail in one's mailbox and a draft of one's own are seen as they are; a message as its conversation is. */
function isSeen(sight: MediaSight): boolean {
  return sight.by !== 'message' || maySee(sight.visibleFrom, sight.sequence)
}
