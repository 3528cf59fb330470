import { handle } from './handler.ts'

export const mediaGetToken = handle('media.getToken', async ({ media }, _input, caller) => media.tokens.issue(caller))
