/**
 * Which streams this node follows, for whom. Upholds L5 and L8.
 *
 * An account is attached from one snapshot of the store. Commits that pass while the snapshot is being read are noted,
 * and a stream that starts to be followed at the snapshot's head is read on if one of them moved it further: following
 * and catching up are one step. A departure that passes meanwhile counts against the snapshot's membership.
 */
import type { AccountId, ConversationId, StreamId } from '@recado/protocol'
import type { Attachment, Commit, StreamHeadRow } from '../store/store.ts'
import { FollowedStream, type Follower } from './followed-stream.ts'
import { type OnlineAccount, removeFrom } from './online-account.ts'

interface Attaching {
  /** Conversations this account was removed from, and at which sequence, since its snapshot was asked for. */
  readonly departures: Map<StreamId, number>
  count: number
}

/** A followed stream that is known to have moved further. */
export interface Behind {
  readonly stream: FollowedStream
  readonly sequence: number
  readonly registers: number
}

export interface Merged {
  /** To be read on at once. */
  readonly behind: readonly Behind[]
  /** Streams that the account did not receive before. */
  readonly admitted: readonly FollowedStream[]
}

interface Moves {
  sequence: number
  registers: number
}

export class Subscriptions {
  readonly streams = new Map<StreamId, FollowedStream>()
  readonly #attaching = new Map<AccountId, Attaching>()
  readonly #moves = new Map<StreamId, Moves>()

  /** To be called before the snapshot is asked for, and `endAttach` after it was merged or failed. */
  beginAttach(accountId: AccountId): void {
    const attaching = this.#attaching.get(accountId) ?? { departures: new Map(), count: 0 }
    attaching.count += 1
    this.#attaching.set(accountId, attaching)
  }

  endAttach(accountId: AccountId): void {
    const attaching = this.#attaching.get(accountId)
    if (attaching === undefined) return
    attaching.count -= 1
    if (attaching.count === 0) this.#attaching.delete(accountId)
    if (this.#attaching.size === 0) this.#moves.clear()
  }

  /** Every commit passes here, announced or repaired. */
  note(commit: Commit): void {
    if (this.#attaching.size === 0) return
    // Two writers' commits may pass in another order than they moved a stream.
    for (const { stream, to } of commit.streams) {
      const moves = this.#movesOf(stream)
      moves.sequence = Math.max(moves.sequence, to)
    }
    for (const { group, version } of commit.registers) {
      const moves = this.#movesOf(group)
      moves.registers = Math.max(moves.registers, version)
    }
  }

  /** Follows all that the snapshot names for this account. */
  merge(online: OnlineAccount, attachment: Attachment): Merged {
    const merged: { behind: Behind[]; admitted: FollowedStream[] } = { behind: [], admitted: [] }
    const own = { id: online.id, kind: 'account' as const, head: attachment.head, memberCount: 1, visibleFrom: 0 }
    this.#follow(online, own, merged)
    for (const conversation of attachment.conversations) {
      this.#follow(online, { ...conversation, kind: 'conversation' }, merged)
      const friend = conversation.peerId
      if (friend !== null && friend !== online.id) {
        online.friends ??= new Set()
        online.friends.add(friend)
      }
    }
    return merged
  }

  /**
   * An account left or was removed at the stream's newest event; it received that event and receives no more. Unless a
   * newer snapshot has it as a member again: then this node is reading what happened before.
   */
  dismiss(stream: FollowedStream, accountId: AccountId, online: OnlineAccount | undefined): void {
    this.#attaching.get(accountId)?.departures.set(stream.id, stream.sequence)
    if (online === undefined || (stream.audience.get(online)?.memberAt ?? 0) >= stream.sequence) return
    stream.audience.delete(online)
    removeFrom(online.streams, stream)
    this.#forgetIfUnheard(stream)
  }

  /** The account's last connection on this node is gone. */
  leave(online: OnlineAccount): void {
    for (const stream of online.streams) {
      stream.audience.delete(online)
      this.#forgetIfUnheard(stream)
    }
    online.streams.length = 0
  }

  isMember(conversationId: ConversationId, online: OnlineAccount): boolean {
    return this.streams.get(conversationId)?.audience.has(online) === true
  }

  #follow(
    online: OnlineAccount,
    wanted: Pick<FollowedStream, 'id' | 'kind' | 'memberCount'> &
      Pick<Follower, 'visibleFrom'> & { readonly head: StreamHeadRow },
    merged: { behind: Behind[]; admitted: FollowedStream[] },
  ): void {
    const { id, head, visibleFrom } = wanted
    let stream = this.streams.get(id)
    if (stream === undefined) {
      stream = new FollowedStream(id, wanted.kind, head, wanted.memberCount)
      this.streams.set(id, stream)
      const moved = this.#moves.get(id)
      if (moved !== undefined) merged.behind.push({ stream, ...moved })
    } else if (stream.sequence < head.sequence || stream.registers < head.registers) {
      merged.behind.push({ stream, sequence: head.sequence, registers: head.registers })
    }
    const departed = this.#attaching.get(online.id)?.departures.get(id) ?? 0
    const known = stream.audience.get(online)
    if (departed > head.sequence) this.#forgetIfUnheard(stream)
    else if (known === undefined || known.memberAt < head.sequence) {
      // From where this node stands, which is what it answers with: behind the snapshot's head it still reads on.
      stream.audience.set(online, { after: known?.after ?? stream.sequence, visibleFrom, memberAt: head.sequence })
      if (known === undefined) {
        online.streams.push(stream)
        merged.admitted.push(stream)
      }
    }
  }

  #movesOf(id: StreamId): Moves {
    let moves = this.#moves.get(id)
    if (moves === undefined) {
      moves = { sequence: 0, registers: 0 }
      this.#moves.set(id, moves)
    }
    return moves
  }

  #forgetIfUnheard(stream: FollowedStream): void {
    if (stream.audience.size === 0) this.streams.delete(stream.id)
  }
}
