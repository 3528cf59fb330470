import type { IncomingHttpHeaders } from 'node:http'
import type { ByteRange } from '../../../media/contents.ts'

/** One range of bytes (RFC 9110, section 14). Several at once, which nobody needs, get the whole. */
export function readRange(
  { range, 'if-range': ifRange }: IncomingHttpHeaders,
  { bytes, etag }: { readonly bytes: number; readonly etag: string },
): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range ?? '')
  if (match === null || (ifRange !== undefined && ifRange !== etag)) return 'whole'
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return 'whole'
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first)
  const to = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return 'whole'
  return from > to ? 'unsatisfiable' : { from, to }
}
