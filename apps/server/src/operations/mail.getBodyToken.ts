import { handle } from './handler.ts'

export const mailGetBodyToken = handle('mail.getBodyToken', async ({ addressTokens }, { mailId }, caller) =>
  addressTokens.issue(caller, { bodyOf: mailId }),
)
