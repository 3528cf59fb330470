/** The parts of one engine, constructed in order by `engine.ts`; each knows the others through this. */
import type { Problem } from '@recado/protocol'
import type { LazyMail } from '../mail/lazy-mail.ts'
import type { LazySearch } from '../search/lazy-search.ts'
import type { Conversations } from './conversations.ts'
import type { Core, EmitEvent } from './core.ts'
import type { Follower } from './follower.ts'
import type { Jobs } from './jobs.ts'
import type { OpenConversations } from './open-conversations.ts'
import type { Outbox } from './outbox.ts'
import type { OwnSettingsPart } from './own-settings.ts'
import type { People } from './people.ts'
import type { Receipts } from './receipts.ts'
import type { Saved } from './saved.ts'
import type { StreamPages } from './stream-pages.ts'
import type { Sync } from './sync.ts'
import type { Typing } from './typing.ts'

export interface Parts {
  readonly core: Core
  readonly jobs: Jobs
  readonly outbox: Outbox
  readonly receipts: Receipts
  readonly people: People
  readonly settings: OwnSettingsPart
  readonly typing: Typing
  readonly open: OpenConversations
  readonly conversations: Conversations
  readonly follower: Follower
  readonly saved: Saved
  readonly pages: StreamPages
  readonly sync: Sync
  readonly search: LazySearch
  readonly mail: LazyMail
  readonly emit: EmitEvent
  /** The server's history is another one now: connect again and begin anew. */
  reconnect(): void
  sessionEnded(): void
  /** Something changed in storage that other tabs should look at. */
  sharedChanged(): void
}

/** How long to wait before a refused step of catching up is tried again; null if trying again will not help. */
export function retryAfter(problem: Problem): { readonly later: number } | null {
  return problem.retry === 'never' ? null : { later: problem.retryAfterMs ?? 0 }
}
