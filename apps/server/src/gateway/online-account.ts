import type { AccountId } from '@recado/protocol'
import type { Connection } from './connection.ts'
import type { FollowedStream } from './followed-stream.ts'

/** An account with connections on this node, and the streams this node follows for it. */
export class OnlineAccount {
  readonly id: AccountId
  readonly connections = new Set<Connection>()
  readonly streams = new Set<FollowedStream>()
  /** The other persons of its direct conversations: they are told when it comes and goes. */
  readonly friends = new Set<AccountId>()

  constructor(id: AccountId) {
    this.id = id
  }
}
