/** A mail as the mail API shows it. */
import type { PlainMail } from '../../access/mail-lists.ts'
import { isoTime } from '../../clock.ts'

/** Who has no account here stands under this id. */
const outside = 0

export function presentReceived(mail: PlainMail) {
  return {
    id: mail.id,
    sender_id: mail.senderId ?? outside,
    recipient_id: mail.recipientId ?? outside,
    title: mail.subject,
    body: mail.text,
    timestamp: isoTime(mail.sentMicros),
    is_read: mail.read,
    sender_username: mail.senderName,
  }
}

export function presentSent(mail: PlainMail) {
  return { ...presentReceived(mail), recipient_username: mail.recipientName }
}
