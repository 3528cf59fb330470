/** One request and its answer for every operation, as the documentation shows them. A test holds them to the contract. */
import type { OperationName } from '@recado/protocol'

export interface Example {
  readonly input: object
  readonly output: object
}

const time = '2026-11-20T12:34:56.789Z'
const earlier = '2026-11-20T09:12:00.000Z'
const mark = '7.0:4711.1:902'
const epoch = '5d1f0c9a7be24e63'
const key = 'b6a4f0b2-6f0e-4c4e-9d53-2f7e51c0a1de'

const ana = { id: 12, username: 'ana', displayName: 'Ana Martins', lastSeenAt: earlier }
const bia = { id: 15, username: 'bia', displayName: 'Bia Lopes', lastSeenAt: null }
const account = {
  id: 12,
  username: 'ana',
  displayName: 'Ana Martins',
  email: 'ana@example.org',
  phone: null,
  role: 'administrator',
  language: 'pt-BR',
  readReceipts: true,
  signature: '<p>Ana, quay 4</p>',
  createdAt: earlier,
}
const grant = {
  account,
  sessionId: 31,
  accessToken: 'eyJhbGciOiJIUzI1NiJ9.eyJhaWQiOjEyfQ.c2lnbmF0dXJl',
  expiresAt: time,
  refreshToken: '31.1.Zk8xQm9nV2xkQ1RhM0hQdzJ4bHJ5bTZqN0Y0c0E5',
}
const head = { sequence: 42, micros: 1795264496789012, ordinal: 37, registers: 58 }
const mediaId = 'q3Jb0vV9T2mXw1cYh6ZkLA'
const attachment = {
  id: mediaId,
  name: 'Quay 4.jpg',
  type: 'image/jpeg',
  bytes: 418_211,
  width: 2048,
  height: 1536,
  placeholder: '2fcZFIB3iId/h3iJh4aIYJ2V8g==',
}
const addressToken = { token: '12.31.1795268400.b0x9m2Vg3dlQ1RhM0hQdzJ4bHJ5bTZqN0Y0c0E5aXc', expiresAt: time }
const message = {
  conversationId: 20,
  sequence: 42,
  ordinal: 37,
  id: 90071,
  authorId: 12,
  clientMessageId: key,
  body: 'Shall we meet at ten?',
  replyTo: null,
  mentions: [15],
  forwardedFrom: null,
  version: 1,
  createdAt: time,
  editedAt: null,
  deletedAt: null,
  reactions: [{ emoji: '👍', accountIds: [15] }],
}
const group = {
  id: 20,
  kind: 'group',
  name: 'Harbour project',
  description: 'Quay 4, until spring',
  mailFrom: 'members',
  version: 1,
  peer: null,
  memberCount: 2,
  createdAt: earlier,
  head,
  lastMessage: message,
  me: {
    role: 'owner',
    joinedAt: earlier,
    visibleFrom: 1,
    delivered: 42,
    read: 40,
    readOrdinal: 36,
    settings: { version: 17, pinned: 1024, muted: 'forever', archived: null, markedUnread: null },
  },
}
const direct = {
  ...group,
  id: 21,
  kind: 'direct',
  name: null,
  description: null,
  version: 0,
  peer: bia,
  lastMessage: null,
}
const bellItem = { id: 5, kind: 'mention', conversationId: 20, sequence: 42, actorId: 15, at: time, cleared: false }
const mailEntry = {
  version: 31,
  folder: 'sent',
  authored: true,
  received: false,
  read: true,
  starred: false,
  labels: ['Harbour'],
  snoozedUntil: null,
  at: time,
}
const statuses = { queued: 0, sent: 1, delivered: 1, read: 0, failed: 0, cancelled: 0, version: 3 }
const mailHeader = {
  id: 7001,
  threadId: 7001,
  inReplyTo: null,
  authorId: 12,
  subject: 'The crane on quay 4',
  preview: 'It is back in service.',
  recipients: [
    { mode: 'to', accountId: 15, conversationId: null, name: null, address: null },
    { mode: 'cc', accountId: null, conversationId: 20, name: 'Harbour project', address: null },
  ],
  recipientCount: 2,
  attachmentCount: 1,
  state: 'released',
  createdAt: time,
  dueAt: time,
  sentAt: time,
  failure: null,
  statuses,
  entry: mailEntry,
}
const mail = { ...mailHeader, text: 'It is back in service.', attachments: [attachment], html: null }
const inGroup = { conversationId: 20, key }
const onMessage = { ...inGroup, sequence: 42 }

const draftHeader = {
  id: key,
  version: 34,
  to: [{ accountId: 15 }, { typed: 'Caro' }],
  cc: [],
  bcc: [],
  subject: 'The crane on quay 4',
  preview: 'It is back in',
  inReplyTo: null,
  forwardOf: null,
  attachments: [],
  updatedAt: time,
}

export const examples: Readonly<Record<OperationName, Example>> = {
  'account.create': {
    input: {
      username: 'ana',
      password: 'correct horse battery',
      displayName: 'Ana Martins',
      device: 'Chrome on Linux',
    },
    output: grant,
  },
  'account.get': { input: {}, output: account },
  'account.setPrivacy': { input: { readReceipts: false }, output: { ...account, readReceipts: false } },
  'account.setSignature': { input: { html: '<p>Ana, quay 4</p>' }, output: account },
  'session.create': { input: { login: 'ana', password: 'correct horse battery' }, output: grant },
  'session.refresh': { input: { refreshToken: grant.refreshToken }, output: grant },
  'session.list': {
    input: {},
    output: {
      items: [{ id: 31, device: 'Chrome on Linux', createdAt: earlier, lastUsedAt: time, current: true }],
      next: null,
    },
  },
  'session.end': { input: { sessionId: 30 }, output: {} },
  'session.endOthers': { input: {}, output: { ended: 2 } },
  'session.resume': {
    input: { token: grant.accessToken, mark },
    output: { account, sessionId: 31, epoch, head, moved: [{ stream: 20, ...head }], heartbeatMs: 25000 },
  },
  'people.search': { input: { query: 'an', limit: 20 }, output: { items: [ana], next: '12' } },
  'people.get': { input: { accountIds: [12, 15] }, output: { items: [ana, bia], next: null } },
  'conversation.open': { input: { accountId: 15 }, output: direct },
  'conversation.create': { input: { key, name: 'Harbour project', accountIds: [15] }, output: group },
  'conversation.update': { input: { ...inGroup, name: 'Harbour, phase two' }, output: { sequence: 43 } },
  'conversation.list': { input: { limit: 50 }, output: { items: [group, direct], next: null } },
  'conversation.get': { input: { conversationId: 20 }, output: group },
  'conversation.leave': { input: inGroup, output: { sequence: 43 } },
  'membership.update': {
    input: { ...inGroup, pinned: 1024, muted: '2026-11-21T08:00:00.000Z' },
    output: { sequence: 18 },
  },
  'member.list': {
    input: { conversationId: 20 },
    output: { items: [{ person: ana, role: 'owner', joinedAt: earlier }], next: null },
  },
  'member.add': { input: { ...inGroup, accountIds: [15], history: 'all' }, output: { sequence: 43 } },
  'member.remove': { input: { ...inGroup, accountId: 15 }, output: { sequence: 43 } },
  'member.setRole': { input: { ...inGroup, accountId: 15, role: 'admin' }, output: { sequence: 43 } },
  'media.get': { input: { mediaId }, output: { state: 'ready', id: mediaId, attachment } },
  'media.getToken': { input: {}, output: addressToken },
  'message.send': {
    input: {
      conversationId: 20,
      clientMessageId: key,
      body: 'Shall we meet at ten?',
      mentions: [15],
      attachments: [mediaId],
    },
    output: { id: 90071, sequence: 42, ordinal: 37, createdAt: time },
  },
  'message.forward': {
    input: { conversationId: 21, clientMessageId: key, from: { conversationId: 20, sequence: 42 } },
    output: { id: 90072, sequence: 12, ordinal: 9, createdAt: time },
  },
  'message.edit': { input: { ...onMessage, body: 'Shall we meet at eleven?' }, output: { sequence: 43, version: 2 } },
  'message.delete': { input: onMessage, output: { sequence: 43, version: 2 } },
  'message.react': { input: { ...onMessage, emoji: '👍' }, output: { sequence: 43, version: 1 } },
  'message.unreact': { input: { ...onMessage, emoji: '👍' }, output: { sequence: 44, version: 1 } },
  'message.pin': { input: onMessage, output: { sequence: 43 } },
  'message.unpin': { input: onMessage, output: { sequence: 44 } },
  'pin.list': {
    input: { conversationId: 20 },
    output: { items: [{ message, pin: { accountId: 12, at: time } }], next: null },
  },
  'message.save': { input: onMessage, output: { sequence: 19 } },
  'message.unsave': { input: onMessage, output: { sequence: 20 } },
  'save.list': {
    input: { limit: 50 },
    output: { items: [{ messageId: 90071, conversationId: 20, sequence: 42, at: time, message }], next: null },
  },
  'message.list': {
    input: { conversationId: 20, before: 43, limit: 50 },
    output: { items: [message], hasOlder: true, hasNewer: false, head, epoch },
  },
  'message.versions': {
    input: { conversationId: 20, sequence: 42 },
    output: { items: [{ version: 1, body: 'Shall we meet at ten?', at: time }], next: null },
  },
  'stream.read': {
    input: { stream: 20, cursor: { epoch, sequence: 41, micros: 1795264490000000 } },
    output: {
      items: [{ sequence: 42, micros: head.micros, kind: 'message.created', actorId: 12, data: { message } }],
      head,
      epoch,
    },
  },
  'position.move': { input: { conversationId: 20, delivered: 42, read: 42 }, output: {} },
  'position.list': {
    input: { conversationId: 20, above: 57 },
    output: { items: [{ accountId: 15, delivered: 42, read: 40 }], version: 58, next: null },
  },
  'position.watch': { input: { conversationIds: [20] }, output: {} },
  'mail.send': {
    input: {
      clientMessageId: key,
      to: [{ accountId: 15 }],
      cc: [{ conversationId: 20 }],
      subject: 'The crane on quay 4',
      text: 'It is back in service.',
      undoSeconds: 10,
    },
    output: {
      ...mailHeader,
      state: 'held',
      sentAt: null,
      statuses: null,
      entry: { ...mailEntry, folder: 'unsent', labels: [] },
    },
  },
  'draft.save': {
    input: {
      draftId: key,
      base: 0,
      to: [{ accountId: 15 }, { typed: 'Caro' }],
      cc: [],
      bcc: [],
      subject: 'The crane on quay 4',
      html: '<p>It is back in</p>',
    },
    output: { version: 34 },
  },
  'draft.get': { input: { draftId: key }, output: { ...draftHeader, html: '<p>It is back in</p>' } },
  'draft.list': { input: { limit: 50 }, output: { items: [draftHeader], next: null } },
  'draft.delete': { input: { draftId: key, base: 34 }, output: {} },
  'mail.cancel': { input: { mailId: 7001, key }, output: { sequence: 32 } },
  'mail.get': { input: { mailId: 7001 }, output: mail },
  'mail.getBodyToken': { input: { mailId: 7001 }, output: addressToken },
  'thread.get': { input: { threadId: 7001 }, output: { items: [mail], next: null } },
  'mailbox.list': { input: { folder: 'sent', limit: 50 }, output: { items: [mailHeader], next: null } },
  'mailbox.unread': { input: {}, output: { count: 4, version: 32 } },
  'mailbox.update': { input: { mailIds: [7001], key, read: true, addLabels: ['Harbour'] }, output: { sequence: 33 } },
  'delivery.list': {
    input: { mailId: 7001, above: 2 },
    output: {
      items: [
        {
          number: 1,
          accountId: 15,
          address: null,
          mode: 'to',
          via: null,
          status: 'delivered',
          sentAt: time,
          deliveredAt: time,
          readAt: null,
          version: 3,
        },
      ],
      statuses,
      next: null,
    },
  },
  'delivery.confirm': { input: { sequence: 31 }, output: {} },
  'search.find': {
    input: { query: 'crane "quay 4" from:ana has:image after:2026-11-01' },
    output: {
      items: [
        {
          kind: 'conversation',
          conversationId: 20,
          items: [
            {
              sequence: 42,
              id: 90071,
              authorId: 12,
              createdAt: time,
              snippet: { text: 'The crane on quay 4 is back.', ranges: [[4, 9]] },
              attachmentCount: 1,
            },
          ],
        },
        {
          kind: 'thread',
          threadId: 7001,
          items: [
            {
              mailId: 7001,
              authorId: 12,
              at: time,
              folder: 'inbox',
              subject: { text: 'The crane on quay 4', ranges: [[4, 9]] },
              snippet: { text: 'It is back in service.', ranges: [] },
              attachmentCount: 1,
            },
          ],
        },
      ],
      next: '4711',
      unknown: [],
    },
  },
  'bell.list': { input: {}, output: { items: [bellItem], version: 9, next: null } },
  'bell.clear': { input: { conversationId: 20 }, output: {} },
  'presence.subscribe': {
    input: { accountIds: [15] },
    output: { items: [{ accountId: 15, state: 'online', lastSeenAt: null }] },
  },
  'presence.get': {
    input: { accountIds: [15] },
    output: { items: [{ accountId: 15, state: 'offline', lastSeenAt: earlier }] },
  },
  'presence.set': { input: { state: 'away' }, output: {} },
  'typing.set': { input: { conversationId: 20, state: 'typing' }, output: {} },
}
