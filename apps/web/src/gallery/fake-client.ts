/**
 * A client without a server, for the gallery in development only: it holds a scene in memory and answers as the SDK
 * does, so that screens can be looked at in any state. Nothing of the product uses it.
 */
import { type Client, type ClientSnapshot, type ConversationView, ProblemError } from '@recado/client'
import type { Account, AccountId, BellItem, Conversation, Presence, PresenceState, SessionId } from '@recado/protocol'
import { FakeConversation } from './fake-conversation.ts'
import { isoAgo, me, people, personAt, toConversation, toMembers } from './fixtures.ts'
import type { Scene } from './scenes.ts'

const account: Account = {
  id: me,
  username: 'beatriz',
  displayName: 'Beatriz Lima',
  email: 'beatriz@example.org',
  phone: null,
  role: 'administrator',
  language: 'en',
  readReceipts: true,
  createdAt: isoAgo(1000),
}

function presences(): ReadonlyMap<AccountId, Presence> {
  const states: readonly PresenceState[] = ['online', 'offline', 'away', 'online', 'offline']
  return new Map(
    people.map((person, index) => [
      person.id,
      { accountId: person.id, state: states[index % states.length] ?? 'offline', lastSeenAt: person.lastSeenAt },
    ]),
  )
}

function toView(conversation: Conversation, scene: Scene, unread: number): ConversationView {
  const first = conversation.id === 101
  return {
    id: conversation.id,
    conversation,
    membership: 'member',
    unread,
    pinned: first || conversation.id === 112 ? conversation.id : null,
    muted: conversation.id === 114 ? 'forever' : null,
    archived: conversation.id === 118 || conversation.id === 119,
    markedUnread: conversation.id === 115,
    typing: scene.connection.state === 'online' && conversation.peer?.id === personAt(1).id ? [personAt(1).id] : [],
    waiting: first ? scene.waiting.length : 0,
    refused: first ? scene.refused.length : 0,
  }
}

function createSnapshot(scene: Scene): ClientSnapshot {
  const views = scene.seeds.map(seed => toView(toConversation(seed), scene, seed.unread))
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
  const saved = scene.seeds.flatMap(seed => seed.messages.slice(-2))
  return {
    connection: scene.connection,
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
    storage: 'durable',
    me: scene.signedIn ? account : null,
    sessionId: scene.signedIn ? (1 as SessionId) : null,
    ready: scene.ready,
    conversations: views,
    unread: views.reduce((sum, view) => sum + (view.muted === null && !view.archived ? view.unread : 0), 0),
    people: new Map(people.map(person => [person.id, person])),
    presence: scene.connection.state === 'online' ? presences() : new Map(),
    bell: { items: bell, count: bell.length },
    outbox: { waiting: scene.waiting.length, refused: scene.refused.length },
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

export function createFakeClient(scene: Scene): Client {
  const snapshot = createSnapshot(scene)
  const conversations = new Map(
    scene.seeds.map(seed => [
      seed.id as number,
      new FakeConversation({ seed, scene, view: snapshot.conversations.find(view => view.id === seed.id) ?? null }),
    ]),
  )
  const nothing = async () => {}
  return {
    subscribe: () => () => {},
    getSnapshot: () => snapshot,
    conversation: id => conversations.get(id) ?? new FakeConversation({ seed: null, scene, view: null }),
    on: () => () => {},
    resumeSession: async () => scene.signedIn,
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
      const items = toMembers(count).filter(({ person }) => person.displayName.toLowerCase().includes(wanted))
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
      people.filter(person => person.displayName.toLowerCase().includes(query.toLowerCase())),
    searchMessages: async query => ({ query, groups: [], state: 'complete' }),
    watchPresence: () => () => {},
    setPresence: () => {},
    wantPeople: () => {},
    clearBell: nothing,
    call: refuse,
    wake: () => {},
    caughtUp: nothing,
    close: nothing,
    [Symbol.asyncDispose]: nothing,
  }
}
