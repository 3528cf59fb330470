/** What the programs were promised, and what was sent to them: written down while it happens, checked at the end. */
import { ProblemError } from '@recado/client'
import type { AccountId, ConversationId, MailId, ProblemCode, StreamId } from '@recado/protocol'
import { wordsOf } from './words.ts'

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
  /** What it was until then. */
  readonly draftId: string | null
  /** `given back` when the SDK said that it would not take it. */
  state: 'unknown' | 'accepted' | 'given back'
  /** How each attempt to take it back ended, on any device. */
  readonly takenBack: ('unknown' | 'yes' | 'no')[]
}

/** A word that somebody wrote into a draft. */
export interface TypedWord {
  readonly machine: string
  /** When, in ms. */
  readonly at: number
  readonly accountId: AccountId
  /** Unique in the whole run. */
  readonly text: string
  readonly draft: string
  /** `kept` once it was in storage, or its program has lived on for a while. */
  state: 'unknown' | 'kept'
}

/** A draft that somebody threw away, with what it said. */
export interface ThrownDraft {
  readonly machine: string
  readonly accountId: AccountId
  readonly id: string
  readonly words: readonly string[]
  /** In ms. */
  readonly from: number
  /** When the SDK said that it was done. */
  doneAt: number | null
}

/** Mails that somebody put off. */
export interface Snooze {
  readonly accountId: AccountId
  readonly mailIds: readonly MailId[]
  /** In ms. */
  readonly until: number
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
  readonly words = new Map<string, TypedWord>()
  readonly thrown: ThrownDraft[] = []
  readonly snoozes: Snooze[] = []
  /** Who lets nobody see what they have read, from the beginning. */
  readonly hidden = new Set<AccountId>()
  /** Where others were told of it, by device. */
  readonly leaks = new Map<string, AccountId>()
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

  /** A draft is in the storage of a device. */
  draftStored(html: string): void {
    for (const text of wordsOf(html)) {
      const word = this.words.get(text)
      if (word) word.state = 'kept'
    }
  }

  frame(device: string, text: string, owner: AccountId | undefined): void {
    if (this.hidden.size > 0) this.#lookForReads(device, text, owner)
    if (!text.startsWith('{"type":"event"')) return
    const frame: unknown = JSON.parse(text)
    if (!isEventFrame(frame)) return
    this.count('event frames')
    if (frame.event.kind !== 'void') {
      const { stream, event } = frame
      const target = event.data?.message?.sequence ?? event.data?.sequence ?? null
      this.seen.push({ device, stream, sequence: event.sequence, target })
    }
  }

  #lookForReads(device: string, text: string, owner: AccountId | undefined): void {
    if (!text.includes('"delivered":')) return
    for (const [, id] of text.matchAll(readPosition)) {
      const accountId = Number(id) as AccountId
      if (accountId !== owner && this.hidden.has(accountId)) this.leaks.set(device, accountId)
    }
  }
}

/** Somebody's position on the wire, from which another can see that they have read something. */
const readPosition = /"accountId":(\d+),"delivered":\d+,"read":[1-9]/g

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
