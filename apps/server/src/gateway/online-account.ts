import type { AccountId } from '@recado/protocol'
import type { Connection } from './connection.ts'
import type { FollowedStream } from './followed-stream.ts'

/** An account with connections on this node, and the streams this node follows for it. */
export class OnlineAccount {
  readonly id: AccountId
  /** Few, nearly always one: an array, which costs a fraction of a set. */
  readonly connections: Connection[] = []
  readonly streams: FollowedStream[] = []
  /** The other persons of its direct conversations: they are told when it comes and goes. Null for none. */
  friends: Set<AccountId> | null = null

  constructor(id: AccountId) {
    this.id = id
  }
}

/** Takes one element out of an array whose order means nothing. */
export function removeFrom<Element>(array: Element[], element: Element): void {
  const index = array.indexOf(element)
  const last = array.pop()
  if (index >= 0 && index < array.length && last !== undefined) array[index] = last
  else if (index < 0 && last !== undefined) array.push(last)
}
