import { requireMail } from '../access/mail.ts'
import { handle } from './handler.ts'

export const mailGet = handle('mail.get', ({ store }, { mailId }, { accountId }) =>
  requireMail(store, accountId, mailId),
)
