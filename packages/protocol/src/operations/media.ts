import { Type } from 'typebox'
import { media } from '../entities.ts'
import { input, mediaId, time } from '../schema.ts'
import { operation } from './define.ts'

export const mediaOperations = {
  'media.get': operation({
    summary:
      'Ask what became of a file that you uploaded at /v1/media/. While it is looked at the answer waits for some seconds.',
    effect: 'read',
    input: input({ mediaId }),
    output: media,
    problems: ['not-found'],
  }),
  'media.getToken': operation({
    summary:
      'Get what proves who asks, for addresses of files that a browser loads by itself: /v1/media/<id>/<variant>?token=… It gives no right: whether you may see a file is decided at each request.',
    effect: 'read',
    input: input({}),
    output: Type.Object({ token: Type.String(), expiresAt: time }),
  }),
}
