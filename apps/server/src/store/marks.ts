/** Pins of a conversation and what an account saved, as the store keeps them. */
import type { AccountId, ConversationId, Message, MessageId } from '@recado/protocol'

export interface PinRow {
  readonly message: Message
  readonly accountId: AccountId
  readonly micros: number
}

/** Where the next page of a list starts: below this time, and at it below this number. */
export interface MarkPlace {
  readonly micros: number
  readonly number: number
}

export interface SaveRow {
  readonly messageId: MessageId
  readonly conversationId: ConversationId
  readonly sequence: number
  readonly micros: number
  readonly message: Message
  /** From where on the account sees the conversation now; null if it is no member. */
  readonly visibleFrom: number | null
}

export interface SavedMark {
  readonly accountId: AccountId
  readonly messageId: MessageId
  readonly conversationId: ConversationId
  readonly sequence: number
}

export interface MarkStore {
  /** The newest pin first, of messages from `visibleFrom` on. */
  listPins(request: {
    readonly conversationId: ConversationId
    readonly visibleFrom: number
    readonly after: MarkPlace | null
    readonly limit: number
  }): Promise<readonly PinRow[]>
  /** The last saved first, whatever the account may still see of it: who presents it decides (L8). */
  listSaves(accountId: AccountId, after: MarkPlace | null, limit: number): Promise<readonly SaveRow[]>
}

/** Of a wide transaction, under the lock of the stream that the mark belongs to. */
export interface MarkWrites {
  /** What is decided on before a message is marked. */
  findTarget(
    conversationId: ConversationId,
    sequence: number,
  ): Promise<{ readonly id: MessageId; readonly state: 'there' | 'deleted' } | null>
  countPins(conversationId: ConversationId): Promise<number>
  /** False if it is pinned already. */
  insertPin(conversationId: ConversationId, sequence: number, accountId: AccountId): Promise<boolean>
  /** False if it is not pinned. */
  deletePin(conversationId: ConversationId, sequence: number): Promise<boolean>
  countSaves(accountId: AccountId): Promise<number>
  /** False if it is saved already. */
  insertSave(mark: SavedMark): Promise<boolean>
  /** The message that is saved no more; null if it was not. */
  deleteSave(accountId: AccountId, conversationId: ConversationId, sequence: number): Promise<MessageId | null>
}
