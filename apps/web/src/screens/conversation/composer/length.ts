/** How long a message may be: `limits.bodyLength` of the protocol, in code points. */
const bodyLength = 20_000
/** This near to the end it is told. */
const near = 500

/** More than this is not taken even into the field: it could not be written in, nor kept as a draft. */
export const fieldLength = 5 * bodyLength

/** How many characters are left, negative beyond the end; null while there is plenty. */
export function lengthLeft(text: string): number | null {
  // A code point is one or two units, so a short text need not be counted.
  if (text.length < bodyLength - near) return null
  const left = bodyLength - [...text.trim()].length
  return left <= near ? left : null
}
