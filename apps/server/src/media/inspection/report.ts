/** What the looking process and the server tell each other. */
import type { MediaRefusal } from '@recado/protocol'
import type { Findings } from '../../store/media.ts'

export interface Assignment {
  readonly number: number
  /** The uploaded file. */
  readonly file: string
  /** Where results go, beside their content's hash. */
  readonly original: string
  readonly preview: string
}

/** `original` is the file that becomes the content: the upload as it is, or an image written anew. */
export type Report =
  | { readonly number: number; readonly findings: Findings; readonly original: string }
  | { readonly number: number; readonly refusal: MediaRefusal }
  | { readonly number: number; readonly failure: string }
