import type { MessageHit } from '@recado/client'
import { hasMarkup } from '../conversation/body/has-markup.ts'

/** What was found, in the words of the message rather than in its source. Where the parser cannot be had, as written. */
export async function withoutMarkup<Hit extends Pick<MessageHit, 'body' | 'ranges'>>(
  hits: readonly Hit[],
): Promise<readonly Hit[]> {
  if (!hits.some(({ body }) => hasMarkup(body))) return hits
  const parser = await import('../conversation/body/plain-text.ts').catch(() => null)
  if (parser === null) return hits
  return hits.map(hit => (hasMarkup(hit.body) ? { ...hit, ...parser.toPlainMarked(hit) } : hit))
}
