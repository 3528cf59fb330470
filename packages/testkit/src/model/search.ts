/** Search in the model: everything is read as it is, so there is nothing to be kept up to date. */
import type { AccountId, ConversationId } from '@recado/protocol'
import { foldName, foldWords, searchWords } from '@recado/server/store/folding.ts'
import {
  type FoundMailRow,
  type FoundMessageRow,
  newestFirst,
  type SearchRequest,
  type SearchStore,
} from '@recado/server/store/search.ts'
import type { Call } from './accounts.ts'
import type { ModelDatabase } from './database.ts'
import type { MailRow, MessageRow, View } from './tables.ts'

export function createSearchStore(database: ModelDatabase, call: Call): SearchStore {
  return {
    find: request =>
      call(() => newestFirst([...findMessages(database, request), ...findMails(database, request)], request.limit)),
    findPeople: name =>
      call(() => {
        const words = foldWords(name)
        const everybody = words.length === 0 ? [] : database.find('accounts', () => true)
        const username = foldName(name.replace(/^@/, ''))
        const exact = everybody.filter(row => row.usernameFolded === username)
        const found = exact.length > 0 ? exact : everybody.filter(row => beginAll(row.words, words))
        return found.map(row => row.id).sort((a, b) => a - b)
      }),
    findConversations: (accountId, name) => call(() => findConversations(database, accountId, name)),
    index: () => call(() => 0),
    indexPast: () => call(() => 0),
  }
}

function beginAll(known: readonly string[], words: readonly string[]): boolean {
  return words.every(word => known.some(each => each.startsWith(word)))
}

function findConversations(view: View, accountId: AccountId, name: string): ConversationId[] {
  const words = foldWords(name)
  if (words.length === 0) return []
  return view
    .find('memberships', row => row.accountId === accountId)
    .map(row => row.conversationId)
    .filter(id => {
      const direct = view.find('directs', row => row.conversationId === id)[0]
      const peer = direct && view.get('accounts', direct.low === accountId ? direct.high : direct.low)
      const names = [view.get('conversations', id)?.name ?? '', peer?.displayName ?? '', peer?.username ?? '']
      return beginAll(foldWords(...names), words)
    })
    .sort((a, b) => a - b)
}

function holds(request: SearchRequest, text: string, files: readonly string[]): boolean {
  const words = [text, ...files].flatMap(searchWords)
  const line = ` ${searchWords(text).join(' ')} `
  return (
    request.beginnings.every(word =>
      words.some(each => ([...word].length > 1 ? each.startsWith(word) : each === word)),
    ) && request.phrases.every(phrase => (phrase.includes(' ') ? line.includes(` ${phrase} `) : words.includes(phrase)))
  )
}

function hasAll(
  view: View,
  { has }: SearchRequest,
  { text, mediaIds }: { text: string; mediaIds: MailRow['mediaIds'] },
) {
  return has.every(trait => {
    if (trait === 'link') return /https?:\/\//i.test(text)
    if (trait === 'attachment') return mediaIds.length > 0
    return mediaIds.some(id => attachmentOf(view, id)?.width != null)
  })
}

function attachmentOf(view: View, id: MailRow['mediaIds'][number]) {
  const media = view.get('media', id)?.media
  return media?.state === 'ready' || media?.state === 'doomed' ? media.attachment : null
}

function namesOf(view: View, ids: MailRow['mediaIds']): string[] {
  return ids.flatMap(id => attachmentOf(view, id)?.name ?? [])
}

function isBetween(micros: number, { afterMicros, beforeMicros }: SearchRequest): boolean {
  return (afterMicros === null || micros >= afterMicros) && (beforeMicros === null || micros < beforeMicros)
}

function findMessages(view: View, request: SearchRequest): FoundMessageRow[] {
  const { accountId, conversations, to, from, before } = request
  if (conversations === 'none' || to !== null) return []
  const members = view.find(
    'memberships',
    row => row.accountId === accountId && (conversations === 'all' || conversations.includes(row.conversationId)),
  )
  return members.flatMap(({ conversationId, visibleFrom }) =>
    view
      .find(
        'messages',
        row => row.conversationId === conversationId && row.sequence >= visibleFrom && row.deletedMicros === null,
      )
      .filter(row => row.id < before && (from === null || from.includes(row.authorId)))
      .filter(row => isBetween(row.createdMicros, request) && isWanted(view, row, request))
      .filter(row => hasAll(view, request, { text: row.body ?? '', mediaIds: row.attachments }))
      .filter(row => holds(request, row.body ?? '', namesOf(view, row.attachments)))
      .map(row => ({
        kind: 'message' as const,
        id: row.id,
        conversationId,
        sequence: row.sequence,
        visibleFrom,
        messageId: row.id,
        authorId: row.authorId,
        createdMicros: row.createdMicros,
        text: row.body ?? '',
        attachmentCount: row.attachments.length,
      })),
  )
}

function isWanted(view: View, row: MessageRow, { accountId, unread, starred }: SearchRequest): boolean {
  const { conversationId } = row
  const read = Math.max(
    view.get('positions', conversationId, accountId)?.read ?? 0,
    view.get('sent', conversationId, accountId)?.sequence ?? 0,
  )
  const isUnread = row.authorId !== accountId && row.sequence > read
  return (unread === 'any' || isUnread) && (starred === 'any' || view.get('saves', accountId, row.id) !== undefined)
}

function findMails(view: View, request: SearchRequest): FoundMailRow[] {
  const { accountId, mails, to, from, unread, starred, before } = request
  if (mails === 'none') return []
  return view
    .find('entries', entry => entry.accountId === accountId)
    .filter(({ folder }) => (mails === 'usual' ? folder !== 'trash' && folder !== 'spam' : folder === mails))
    .filter(entry => (unread === 'any' || (entry.received && !entry.read)) && (starred === 'any' || entry.starred))
    .filter(entry => isBetween(entry.sortMicros, request))
    .flatMap(entry => {
      const mail = view.get('mails', entry.mailId)
      if (mail === undefined || mail.id >= before) return []
      const isFrom = from === null || from.includes(mail.authorId)
      const shown = mail.recipients.filter(
        recipient => entry.authored || recipient.mode !== 'bcc' || recipient.accountId === accountId,
      )
      const isTo = to === null || shown.some(({ accountId: id }) => id !== null && to.includes(id))
      const text = `${mail.subject} ${mail.text}`
      const isFound =
        isFrom &&
        isTo &&
        hasAll(view, request, { text: mail.text, mediaIds: mail.mediaIds }) &&
        holds(request, text, namesOf(view, mail.mediaIds))
      if (!isFound) return []
      const { id, threadId, authorId, subject, mediaIds } = mail
      const { folder, sortMicros } = entry
      const found = {
        kind: 'mail' as const,
        id,
        mailId: id,
        threadId,
        authorId,
        subject,
        text: mail.text,
        folder,
        sortMicros,
      }
      return [{ ...found, attachmentCount: mediaIds.length }]
    })
}
