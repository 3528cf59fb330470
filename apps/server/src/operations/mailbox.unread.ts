import { handle } from './handler.ts'

export const mailboxUnread = handle('mailbox.unread', ({ store }, _, { accountId }) => store.mail.readUnread(accountId))
