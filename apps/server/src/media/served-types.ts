/**
 * Types that a browser may show by itself: none of them runs anything, and each was found by content. Everything else is
 * only ever downloaded.
 */
const images = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'])
const sounds = new Set(['audio/mpeg', 'audio/ogg', 'audio/wav', 'audio/flac', 'audio/mp4'])
const films = new Set(['video/mp4', 'video/webm'])

/** The type to serve, and whether the browser may show it. */
export function servedAs(type: string): { readonly type: string; readonly disposition: 'inline' | 'attachment' } {
  if (type === 'text/plain') return { type: 'text/plain; charset=utf-8', disposition: 'inline' }
  if (images.has(type) || sounds.has(type) || films.has(type)) return { type, disposition: 'inline' }
  return { type: 'application/octet-stream', disposition: 'attachment' }
}
