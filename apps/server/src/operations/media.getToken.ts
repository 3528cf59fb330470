import { handle } from './handler.ts'

export const mediaGetToken = handle('media.getToken', async ({ addressTokens }, _input, caller) =>
  addressTokens.issue(caller, 'files'),
)
