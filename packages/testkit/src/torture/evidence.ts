/**
 * What a run leaves to be judged: what the database holds, and what each person was promised, told and shown. Plain data,
 * one conversation at a time, so that a checker needs neither server nor client.
 */

/** Read by SQL once everything has come to rest. Lists are in order of sequence. */
export interface StoredConversation {
  readonly id: number
  readonly kind: string
  readonly head: { readonly sequence: number; readonly ordinal: number }
  readonly events: readonly StoredEvent[]
  readonly messages: readonly StoredMessage[]
  readonly members: readonly StoredMember[]
}

export interface StoredEvent {
  readonly sequence: number
  readonly kind: string
  readonly actorId: number | null
  readonly target: number | null
  readonly key: string | null
}

export interface StoredMessage {
  readonly sequence: number
  readonly ordinal: number
  readonly id: number
  readonly authorId: number
  readonly key: string
  readonly body: string | null
  readonly version: number
}

/** `read` and `delivered` as a reader is told them: what one wrote counts as read. */
export interface StoredMember {
  readonly accountId: number
  readonly delivered: number
  readonly read: number
  readonly readOrdinal: number
}

/**
 * A text handed to the client. `kept`: the client promised that it is safe on the device, so it must arrive; `unknown`:
 * the client died before it said so; `refused`: the server's answer was a final no.
 */
export interface Sending {
  readonly key: string
  readonly body: string
  outcome: 'kept' | 'unknown' | 'refused'
}

/** The server's answer to a `message.send`, as it came over the wire. */
export interface Acknowledgement {
  readonly key: string
  readonly id: number
  readonly sequence: number
  readonly ordinal: number
}

/** An edit, a reaction, a change of members: `sequence` once the server acknowledged it. */
export interface Change {
  readonly key: string
  readonly kind: string
  /** The message's sequence, or the account. */
  readonly target: number
  readonly body: string | null
  sequence: number | null
}

/** The events that one life of a client was shown, in the order it was; `ids` has the message's id, 0 for other kinds. */
export interface Showing {
  readonly sequences: number[]
  readonly ids: number[]
}

/** What a client holds at the end. */
export interface FinalView {
  readonly head: { readonly sequence: number; readonly ordinal: number }
  readonly read: number
  readonly unread: number
  /** What it stored, from `from` on without holes. */
  readonly from: number
  readonly stored: readonly ShownMessage[]
  /** What it shows when the conversation is opened: the newest, oldest first. */
  readonly opened: readonly ShownMessage[]
  /** By account; of members whose positions the client was told. */
  readonly positions: ReadonlyMap<number, { readonly delivered: number; readonly read: number }>
}

export type ShownMessage = Pick<StoredMessage, 'sequence' | 'ordinal' | 'id' | 'authorId' | 'key' | 'body' | 'version'>

/** One person and one conversation. */
export interface Testimony {
  readonly accountId: number
  readonly name: string
  /** In the order they were handed over. */
  readonly sendings: readonly Sending[]
  readonly acknowledgements: readonly Acknowledgement[]
  readonly changes: readonly Change[]
  readonly showings: readonly Showing[]
  /** Null if the client shows no such conversation. */
  readonly final: FinalView | null
  /** The highest sequence that the person marked as read. */
  readonly marked: number
}

/** A mail as the tables have it, with all that hangs on it. */
export interface StoredMail {
  readonly id: number
  readonly authorId: number
  readonly subject: string
  readonly state: string
  readonly recipients: readonly {
    readonly mode: string
    readonly accountId: number | null
    readonly groupId: number | null
  }[]
  readonly deliveries: readonly StoredDelivery[]
  /** How many deliveries are in each status, as it is counted beside them. */
  readonly counts: Readonly<Record<string, number>> | null
  readonly entries: readonly StoredEntry[]
  /** Accounts in whose own stream an event says that it arrived, once for each such event. */
  readonly arrivals: readonly number[]
}

export interface StoredDelivery {
  readonly accountId: number
  readonly mode: string
  /** The group by which it came. */
  readonly via: number | null
  readonly status: string
}

export interface StoredEntry {
  readonly accountId: number
  readonly authored: boolean
  readonly received: boolean
  readonly read: boolean
  readonly folder: string
}

/** A mail handed to the server by somebody who asks again, with the same key, until there is an answer. */
export interface Letter {
  readonly subject: string
  readonly authorId: number
  readonly accounts: readonly number[]
  /** Groups whose members do not change during the run. */
  readonly groups: readonly number[]
  /** Set by the answer. */
  mailId: number | null
  outcome: 'unanswered' | 'acknowledged' | 'refused'
  /** Whether its author took it back, and the server said yes to that. */
  takenBack: 'no' | 'yes'
}

/** A mail of which the server said that this account has read it. */
export interface Reading {
  readonly accountId: number
  readonly mailId: number
}

export interface MailEvidence {
  readonly mails: readonly StoredMail[]
  readonly letters: readonly Letter[]
  readonly readings: readonly Reading[]
  /** The members of each group. */
  readonly members: ReadonlyMap<number, readonly number[]>
}

export type ViolationKind = 'lost' | 'doubled' | 'reordered' | 'altered' | 'leaked' | 'miscounted' | 'late' | 'broken'

export interface Violation {
  readonly kind: ViolationKind
  readonly detail: string
}
