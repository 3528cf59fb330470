import type { EngineSnapshot } from './engine/snapshot.ts'

/** What there is to see without a sign-in. */
export const noSnapshot: EngineSnapshot = {
  me: null,
  sessionId: null,
  ready: false,
  conversations: [],
  unread: 0,
  people: new Map(),
  presence: new Map(),
  bell: { items: [], count: 0 },
  saved: { state: 'unknown', items: [] },
  outbox: { waiting: 0, refused: 0 },
}
