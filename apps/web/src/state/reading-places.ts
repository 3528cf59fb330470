/** Where somebody was reading in conversations, other than at their newest message. Lasts as long as the page. */
import type { AccountId, ConversationId } from '@recado/protocol'

export interface ReadingPlace {
  readonly sequence: number
  /** How far below the top of the list that message begins; less than nothing if above. */
  readonly top: number
}

export interface ReadingPlaces {
  find(account: AccountId, conversation: ConversationId): ReadingPlace | null
  /** Null: at the newest message. */
  keep(account: AccountId, conversation: ConversationId, place: ReadingPlace | null): void
}

export function createReadingPlaces(): ReadingPlaces {
  const places = new Map<string, ReadingPlace>()
  const keyOf = (account: AccountId, conversation: ConversationId) => `${account}.${conversation}`
  return {
    find: (account, conversation) => places.get(keyOf(account, conversation)) ?? null,
    keep(account, conversation, place) {
      if (place) places.set(keyOf(account, conversation), place)
      else places.delete(keyOf(account, conversation))
    },
  }
}
