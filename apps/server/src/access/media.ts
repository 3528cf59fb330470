/** The gate of every file: only who may see a message that refers to it learns that it is there (L8). */
import type { AccountId, MediaId } from '@recado/protocol'
import { refuse } from '../problem.ts'
import type { StoredVariant } from '../store/media.ts'
import type { Store } from '../store/store.ts'
import { maySee } from './sight.ts'

/** Raises `not-found`. */
export async function requireVariant(
  store: Pick<Store, 'media'>,
  reader: AccountId,
  { id, variant }: { readonly id: MediaId; readonly variant: 'original' | 'preview' },
): Promise<StoredVariant> {
  const sight = await store.media.findSight(id, reader)
  if (sight === null || !maySee(sight.visibleFrom, sight.sequence)) refuse('not-found')
  return (await store.media.findVariant(id, variant)) ?? refuse('not-found')
}
