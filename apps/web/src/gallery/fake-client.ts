/**
 * A client without a server, for the gallery in development only: it holds a scene in memory and answers as the SDK
 * does, so that screens can be looked at in any state. Nothing of the product uses it.
 */
import {
  type Client,
  type ClientSnapshot,
  type ConversationView,
  type MessageHit,
  type MessageSearchGroup,
  ProblemError,
} from '@recado/client'
import type {
  Account,
  AccountId,
  BellItem,
  Conversation,
  ConversationId,
  FoundGroup,
  MailId,
  MessageId,
  Person,
  Presence,
  PresenceState,
  SessionId,
} from '@recado/protocol'
import { FakeConversation } from './fake-conversation.ts'
import { createFakeMail } from './fake-mail.ts'
import { type ConversationSeed, isoAgo, me, personAt, toConversation, toMembers } from './fixtures.ts'
import type { Situation } from './situations.ts'

const account: Account = {
  id: me,
  username: 'beatriz',
  displayName: 'Beatriz Lima',
  email: 'beatriz@example.org',
  phone: null,
  role: 'administrator',
  language: 'en',
  readReceipts: true,
  signature: null,
  createdAt: isoAgo(1000),
}

const own: Person = { id: me, username: account.username, displayName: account.displayName, lastSeenAt: null }

function presences(people: readonly Person[]): ReadonlyMap<AccountId, Presence> {
  const states: readonly PresenceState[] = ['online', 'offline', 'away', 'online', 'offline']
  const others = people.map(({ id, lastSeenAt }, index): Presence => {
    return { accountId: id, state: states[index % states.length] ?? 'offline', lastSeenAt }
  })
  const mine: Presence = { accountId: me, state: 'online', lastSeenAt: null }
  return new Map([mine, ...others].map(presence => [presence.accountId, presence]))
}

function toView(seed: ConversationSeed, situation: Situation): ConversationView {
  const conversation: Conversation = toConversation(seed, situation.people)
  const first = conversation.id === 101
  return {
    id: conversation.id,
    conversation,
    membership: seed.membership ?? 'member',
    unread: seed.unread,
    pinned: first || conversation.id === 112 ? conversation.id : null,
    muted: conversation.id === 114 ? 'forever' : null,
    archived: conversation.id === 118 || conversation.id === 119,
    markedUnread: conversation.id === 115,
    typing: situation.connection.state === 'online' && conversation.peer?.id === personAt(1).id ? [personAt(1).id] : [],
    waiting: first ? situation.waiting.length : 0,
    refused: first ? situation.refused.length : 0,
  }
}

function createSnapshot(situation: Situation): ClientSnapshot {
  const views = situation.seeds.map(seed => toView(seed, situation))
  const item = { conversationId: views[0]?.id, sequence: 10, cleared: false } as const
  const bell: readonly BellItem[] = item.conversationId
    ? [
        {
          ...item,
          conversationId: item.conversationId,
          id: 3,
          kind: 'mention',
          actorId: personAt(1).id,
          at: isoAgo(4),
        },
        {
          ...item,
          conversationId: item.conversationId,
          id: 2,
          kind: 'reply',
          actorId: personAt(0).id,
          at: isoAgo(400),
        },
        {
          ...item,
          conversationId: item.conversationId,
          id: 1,
          kind: 'invitation',
          actorId: personAt(4).id,
          at: isoAgo(4000),
        },
      ]
    : []
  const saved = situation.seeds.flatMap(seed => seed.messages.slice(-2))
  return {
    connection: situation.connection,
    signIn: 1,
    saved: {
      state: 'known',
      items: saved.map((message, index) => ({
        messageId: message.id,
        conversationId: message.conversationId,
        sequence: message.sequence,
        at: isoAgo(index * 90),
        message: index === 2 ? null : message,
      })),
    },
    storage: situation.storage,
    me: situation.signedIn ? account : null,
    sessionId: situation.signedIn ? (1 as SessionId) : null,
    ready: situation.ready,
    conversations: views,
    unread: views.reduce((sum, view) => sum + (view.muted === null && !view.archived ? view.unread : 0), 0),
    people: new Map([own, ...situation.people].map(person => [person.id, person])),
    presence: situation.connection.state === 'online' ? presences(situation.people) : new Map(),
    bell: { items: bell, count: bell.length },
    outbox: { waiting: situation.waiting.length, refused: situation.refused.length },
  }
}

function refuse(): Promise<never> {
  return Promise.reject(
    new ProblemError({
      type: 'urn:recado:problem:unavailable',
      title: 'Gallery',
      status: 503,
      code: 'unavailable',
      retry: 'same',
    }),
  )
}

/** The newest messages that hold what was typed. */
function findMessages(seeds: readonly ConversationSeed[], query: string): readonly MessageSearchGroup[] {
  const wanted = query.toLowerCase()
  return seeds.flatMap(({ id, messages }) => {
    const hits = messages.flatMap(({ sequence, authorId, createdAt, body }): readonly MessageHit[] => {
      const at = body?.toLowerCase().indexOf(wanted) ?? -1
      if (body === null || at < 0) return []
      const conversationId = id as ConversationId
      return [{ conversationId, sequence, authorId, createdAt, body, ranges: [[at, at + wanted.length]] }]
    })
    return hits.length > 0 ? [{ conversationId: id as ConversationId, hits: hits.toReversed(), more: false }] : []
  })
}

/** The same as the server answers it, and a mail that has it in its subject. */
function findEverywhere(seeds: readonly ConversationSeed[], { query }: { readonly query: string }) {
  const found = findMessages(seeds, query).map(({ conversationId, hits }): FoundGroup => {
    const items = hits.map(({ sequence, authorId, createdAt, body, ranges }, index) => {
      const snippet = { text: body, ranges: ranges.map(([from, to]): [number, number] => [from, to]) }
      return { sequence, id: sequence as MessageId, authorId, createdAt, snippet, attachmentCount: index % 3 }
    })
    return { kind: 'conversation', conversationId, items }
  })
  if (found.length === 0) return { items: [], next: null, unknown: query.match(/from:\S+/gu) ?? [] }
  const subject = { text: `Re: ${query} of the harbour`, ranges: [[4, 4 + query.length]] as [number, number][] }
  const snippet = { text: 'The invoice and the papers are attached; please look at them before Friday.', ranges: [] }
  const mailId = 8 as MailId
  const mail = { mailId, authorId: personAt(2).id, at: isoAgo(600), folder: 'inbox' as const, subject, snippet }
  const thread: FoundGroup = { kind: 'thread', threadId: mailId, items: [{ ...mail, attachmentCount: 2 }] }
  return { items: [...found.slice(0, 1), thread, ...found.slice(1)], next: '17', unknown: [] }
}

export function createFakeClient(situation: Situation): Client {
  const snapshot = createSnapshot(situation)
  const conversations = new Map(
    situation.seeds.map(seed => [
      seed.id as number,
      new FakeConversation({ seed, situation, view: snapshot.conversations.find(view => view.id === seed.id) ?? null }),
    ]),
  )
  const nothing = async () => {}
  const mail = createFakeMail(situation)
  return {
    subscribe: () => () => {},
    getSnapshot: () => snapshot,
    conversation: id => conversations.get(id) ?? new FakeConversation({ seed: null, situation, view: null }),
    on: () => () => {},
    resumeSession: async () => situation.signedIn,
    signUp: refuse,
    signIn: refuse,
    signOut: async () => ({ signedOut: false, unsent: 2 }),
    listSessions: async () => [
      { id: 1 as SessionId, device: 'Chrome on Linux', createdAt: isoAgo(9000), lastUsedAt: isoAgo(0), current: true },
      {
        id: 2 as SessionId,
        device: 'Safari on iPhone',
        createdAt: isoAgo(90_000),
        lastUsedAt: isoAgo(700),
        current: false,
      },
    ],
    endSession: nothing,
    endOtherSessions: async () => 1,
    send: async ({ conversationId, body }) => {
      conversations.get(conversationId)?.append(body)
      return 'entry'
    },
    cancel: async () => true,
    retry: nothing,
    edit: nothing,
    delete: nothing,
    react: nothing,
    unreact: nothing,
    pinMessage: nothing,
    unpinMessage: nothing,
    saveMessage: nothing,
    unsaveMessage: nothing,
    forward: nothing,
    loadSaved: nothing,
    listVersions: async () => [
      { version: 1, body: 'Then it goes to print tomorrow.', at: isoAgo(14) },
      { version: 2, body: 'Then it goes to print tonight.', at: isoAgo(12) },
    ],
    openDirect: refuse,
    createGroup: refuse,
    updateGroup: nothing,
    listMembers: async (id, { query = '' } = {}) => {
      const count = snapshot.conversations.find(view => view.id === id)?.conversation.memberCount ?? 1
      const wanted = query.toLowerCase()
      const items = toMembers(count, situation.people).filter(({ person }) =>
        person.displayName.toLowerCase().includes(wanted),
      )
      return { items, next: null }
    },
    updateSettings: nothing,
    pin: nothing,
    unpin: nothing,
    setReadReceipts: nothing,
    addMembers: nothing,
    removeMember: nothing,
    leave: nothing,
    setRole: nothing,
    searchPeople: async query =>
      situation.people.filter(person => person.displayName.toLowerCase().includes(query.toLowerCase())),
    countKept: async () => ({ messages: 12_345, conversations: 34 }),
    forgetMessages: async () => 12_345,
    searchMessages: async query => ({
      query,
      groups: findMessages(situation.seeds, query),
      state: 'complete',
      unknown: [],
      beyond: [],
    }),
    watchPresence: () => () => {},
    setPresence: () => {},
    wantPeople: () => {},
    clearBell: nothing,
    // The body of a mail is empty here: there is no server to have it from.
    call: async (name, data) => {
      if (name === 'mail.getBodyToken') return { token: 'token', expiresAt: isoAgo(-60) } as never
      return name === 'search.find' ? (findEverywhere(situation.seeds, data as { query: string }) as never) : refuse()
    },
    mail: async () => mail,
    wake: () => {},
    caughtUp: nothing,
    close: nothing,
    [Symbol.asyncDispose]: nothing,
  }
}
