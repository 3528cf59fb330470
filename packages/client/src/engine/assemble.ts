/** Constructs the parts of an engine, in the order in which they need each other. */

import { LazyMail } from '../mail/lazy-mail.ts'
import { LazySearch } from '../search/lazy-search.ts'
import { Conversations } from './conversations.ts'
import type { Core } from './core.ts'
import { Follower } from './follower.ts'
import { Jobs } from './jobs.ts'
import { OpenConversations } from './open-conversations.ts'
import { Outbox, type OutboxOwner } from './outbox.ts'
import { OwnSettingsPart } from './own-settings.ts'
import type { Parts } from './parts.ts'
import { People } from './people.ts'
import { Receipts } from './receipts.ts'
import { Saved } from './saved.ts'
import { StreamPages } from './stream-pages.ts'
import { Sync } from './sync.ts'
import { Typing } from './typing.ts'

export interface Assembly extends Pick<Parts, 'core' | 'emit' | 'reconnect' | 'sessionEnded' | 'sharedChanged'> {
  readonly core: Core
  readonly outboxOwner: OutboxOwner
}

/** Parts keep this object and reach the others through it only once the engine runs: until then it is incomplete. */
export function assemble({ outboxOwner, ...given }: Assembly): Parts {
  const { core } = given
  const parts: { -readonly [Part in keyof Parts]?: Parts[Part] } = { ...given }
  const whole = parts as Parts
  parts.jobs = new Jobs(core.clock, core.random, () => whole.sync.settle())
  parts.outbox = new Outbox(core, outboxOwner)
  parts.receipts = new Receipts(core, state => whole.conversations.recount(state))
  parts.people = new People(core)
  parts.settings = new OwnSettingsPart(whole)
  parts.typing = new Typing(core)
  parts.open = new OpenConversations(whole)
  parts.conversations = new Conversations(whole)
  parts.follower = new Follower(whole)
  parts.saved = new Saved(whole)
  parts.pages = new StreamPages(core)
  parts.sync = new Sync(whole)
  parts.search = new LazySearch(core)
  parts.mail = new LazyMail(whole)
  return whole
}
