/** The gate of search: what is found is what the reader may see, by the one function that decides it (L8). */
import type { FoundRow, SearchRequest } from '../store/search.ts'
import type { Store } from '../store/store.ts'
import { maySee } from './sight.ts'

/** A mail is seen by who has it in the mailbox: the store reads no others. */
export async function findVisible(
  { search }: Pick<Store, 'search'>,
  request: SearchRequest,
): Promise<{ readonly rows: readonly FoundRow[]; readonly last: number | null }> {
  const found = await search.find(request)
  const rows = found.filter(row => row.kind === 'mail' || maySee(row.visibleFrom, row.sequence))
  return { rows, last: found.length < request.limit ? null : (found.at(-1)?.id ?? null) }
}
