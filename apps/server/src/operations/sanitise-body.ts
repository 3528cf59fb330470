import { limits } from '@recado/protocol'
import type { FormattedBodies } from '../html/formatted-bodies.ts'
import type { FormattedBody } from '../html/sanitise.ts'
import { refuse } from '../problem.ts'

/** What may be stored of a formatted body, and its text. Raises `invalid-input` and `busy`. */
export async function sanitiseBody(bodies: FormattedBodies, html: string): Promise<FormattedBody> {
  if (html === '') return { html: '', text: '' }
  const formatted = await bodies.sanitise(html)
  if (codePoints(formatted.html) > limits.mailHtmlLength) refuse('invalid-input', 'The formatted body is too long.')
  if (codePoints(formatted.text) > limits.mailTextLength)
    refuse('invalid-input', 'The words of the formatted body are too long.')
  return formatted
}

export function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
