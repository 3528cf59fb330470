import type { Message } from '@recado/protocol'

/** What a message says in one line: its text, or what its files are called. Null once it is deleted. */
export function saidIn({ body, attachments }: Pick<Message, 'body' | 'attachments'>): string | null {
  return body === '' ? (attachments ?? []).map(({ name }) => name).join(', ') : body
}
