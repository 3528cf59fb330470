/** What the programs were promised, and what was sent to them: written down while it happens, checked at the end. */
import { ProblemError } from '@recado/client'
import type { AccountId, ConversationId, MailId, ProblemCode, StreamId } from '@recado/protocol'

/** `unknown`: the program died, or gave up, before it heard how it ended. */
export type Ending = 'unknown' | 'done' | ProblemCode

export interface SentText {
  /** Where it was written: all its tabs show it. */
  readonly machine: string
  /** When it was written, in ms. */
  readonly at: number
  readonly accountId: AccountId
  readonly conversationId: ConversationId
  /** Unique in the whole run. */
  readonly body: string
  /** The key of its entry, once the SDK took it into its outbox. */
  key: string | null
  /** `unknown` until then, and while somebody asks to take it back; `given back` when the SDK said that it would not. */
  state: 'unknown' | 'accepted' | 'cancelled' | 'given back'
}

/** A mail that somebody wrote. */
export interface Letter {
  readonly machine: string
  /** When it was written, in ms. */
  readonly at: number
  readonly accountId: AccountId
  /** Unique in the whole run. */
  readonly subject: string
  readonly accounts: readonly AccountId[]
  readonly groups: readonly ConversationId[]
  /** `given back` when the SDK said that it would not take it. */
  state: 'unknown' | 'accepted' | 'given back'
  /** How each attempt to take it back ended, on any device. */
  readonly takenBack: ('unknown' | 'yes' | 'no')[]
}

/** Somebody signed out and said that what was not sent may go. */
export interface Discard {
  readonly machine: string
  readonly from: number
  /** When that was over; infinite if the program died meanwhile. */
  to: number
}

export interface EditedText {
  readonly accountId: AccountId
  readonly conversationId: ConversationId
  readonly sequence: number
  readonly body: string
  ending: Ending
}

export interface CreatedGroup {
  readonly accountId: AccountId
  /** Unique in the whole run. */
  readonly name: string
  ending: Ending
}

/** An event that a node gave to the wire for this device, with its content. */
export interface SeenEvent {
  readonly device: string
  readonly stream: StreamId
  readonly sequence: number
  /** The message it is about. */
  readonly target: number | null
}

export class Record {
  readonly sent: SentText[] = []
  readonly discards: Discard[] = []
  readonly letters: Letter[] = []
  /** When a mail was first in the storage of a device of this account, in microseconds, by `account mail`. */
  readonly storedMails = new Map<string, number>()
  readonly edited: EditedText[] = []
  readonly groups: CreatedGroup[] = []
  /** Groups that the administrator founded before the record began. */
  founded = 0
  readonly seen: SeenEvent[] = []
  /** What nobody expects: errors that the server logged, promises nobody handled. */
  readonly surprises: string[] = []
  /** How often each thing was done or went wrong, for whoever wonders whether a run means anything. */
  readonly counts = new Map<string, number>()

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }

  mailStored(accountId: AccountId, mailId: MailId, micros: number): void {
    const name = `${accountId} ${mailId}`
    if (!this.storedMails.has(name)) this.storedMails.set(name, micros)
  }

  frame(device: string, text: string): void {
    const frame: unknown = JSON.parse(text)
    if (!isEventFrame(frame)) return
    this.count('event frames')
    if (frame.event.kind !== 'void') {
      const { stream, event } = frame
      const target = event.data?.message?.sequence ?? event.data?.sequence ?? null
      this.seen.push({ device, stream, sequence: event.sequence, target })
    }
  }
}

/** Notes how a call ended. */
export async function settle(call: Promise<unknown>, record: { ending: Ending }): Promise<void> {
  try {
    await call
    record.ending = 'done'
  } catch (error) {
    // `unavailable` and the like leave open what happened.
    if (error instanceof ProblemError && error.problem.retry === 'never') record.ending = error.code
    throw error
  }
}

interface EventFrameShape {
  readonly type: 'event'
  readonly stream: StreamId
  readonly event: {
    readonly sequence: number
    readonly kind: string
    readonly data?: { readonly sequence?: number; readonly message?: { readonly sequence: number } }
  }
}

function isEventFrame(frame: unknown): frame is EventFrameShape {
  if (typeof frame === 'object' && frame !== null && 'type' in frame) return frame.type === 'event'
  return false
}
