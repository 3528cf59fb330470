/**
 * One change of positions as the members of a conversation receive it: encoded once for all of them, and once more for
 * each whose own row holds what others do not see (C5).
 */
import type { AccountId, MemberPosition } from '@recado/protocol'
import { presentPositions } from '../access/receipts.ts'
import type { ChangedPositions } from '../store/registers.ts'
import { Frame } from './frame.ts'

export class PositionFrames {
  readonly #changed: ChangedPositions
  readonly #own: ReadonlySet<AccountId>
  readonly #hidden: ReadonlySet<AccountId>
  readonly #shared: Frame | null

  constructor(changed: ChangedPositions) {
    const { items } = changed
    this.#changed = changed
    this.#own = new Set(items.map(item => item.accountId))
    this.#hidden = new Set(items.filter(item => item.readReceipts === 'hidden').map(item => item.accountId))
    this.#shared = this.#encode(presentPositions(items, null))
  }

  /** Whether this account's own position moved. */
  isOwn(accountId: AccountId): boolean {
    return this.#own.has(accountId)
  }

  /** Null where the account sees nothing of it. */
  for(accountId: AccountId): Frame | null {
    if (!this.#hidden.has(accountId)) return this.#shared
    return this.#encode(presentPositions(this.#changed.items, accountId))
  }

  #encode(items: MemberPosition[]): Frame | null {
    const { conversationId, version } = this.#changed
    return items.length === 0
      ? null
      : Frame.register(conversationId, { type: 'positions', conversationId, version, items })
  }
}
