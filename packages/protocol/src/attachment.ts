import { type Static, Type } from 'typebox'
import { mediaId, nullable, position } from './schema.ts'

/**
 * A file that hangs on a message or a mail. `type` is what its content is, never what its name says; `width` and `height` are an
 * image's, which then also has the variant `preview` and a `placeholder` to show until that is there (ThumbHash, base64).
 */
export const attachment = Type.Object({
  id: mediaId,
  name: Type.String(),
  type: Type.String({ description: 'Media type (RFC 6838)' }),
  bytes: position,
  width: nullable(Type.Integer({ minimum: 1 })),
  height: nullable(Type.Integer({ minimum: 1 })),
  placeholder: nullable(Type.String()),
})
export type Attachment = Static<typeof attachment>
