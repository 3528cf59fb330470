/** What the benchmark asks of a driver process, and what it gets back: plain data for the channel between them. */

export type DialectName = 'recado' | 'yardstick'

/** Somebody who can sign in. */
export interface Ticket {
  readonly accountId: number
  readonly token: string
}

export interface Room {
  readonly conversation: number
  readonly members: readonly Ticket[]
  /** How many of the members, from the first, send. */
  readonly senders: number
}

/** Closed: each sender keeps so many unacknowledged. Open: so many a second in all, whatever comes back. */
export type Pace =
  | { readonly kind: 'in-flight'; readonly perSender: number }
  | { readonly kind: 'rate'; readonly perSecond: number }

interface Place {
  readonly port: number
  readonly dialect: DialectName
  /** The server's processes, whose CPU time and memory count with all they started. */
  readonly processes: readonly number[]
}

export interface MessagesJob extends Place {
  readonly kind: 'messages'
  readonly rooms: readonly Room[]
  readonly pace: Pace
  readonly warmUpMs: number
  readonly durationMs: number
  /** How long what was sent may take to be acknowledged and delivered after the last send. */
  readonly drainMs: number
}

/** A Node process whose inspector will open on this port. */
export interface InspectedProcess {
  readonly pid: number
  readonly inspectorPort: number
}

export interface IdleJob extends Place {
  readonly kind: 'idle'
  readonly server: InspectedProcess
  readonly tickets: readonly Ticket[]
  /** How many of them are there before anything is measured. */
  readonly early: number
}

export interface CatchUpJob extends Place {
  readonly kind: 'catch-up'
  readonly conversation: number
  readonly sender: Ticket
  readonly receiver: Ticket
  readonly missed: number
  readonly rounds: number
}

export type Job = MessagesJob | IdleJob | CatchUpJob

/** What one sender got acknowledged: bodies 0 … count-1, each to be found once and in this order. */
export interface Acknowledged {
  readonly conversation: number
  readonly sender: number
  readonly count: number
}

export interface Latency {
  readonly p50: number
  readonly p99: number
}

export interface MessagesResult {
  readonly kind: 'messages'
  readonly messagesPerSecond: number
  readonly deliveriesPerSecond: number
  readonly cpuSecondsPer1000: number
  readonly cpuSecondsPer10kDeliveries: number
  readonly ackMs: Latency
  readonly deliveryMs: Latency
}

export interface IdleResult {
  readonly kind: 'idle'
  readonly connectsPerSecond: number
  readonly bytesPerConnection: number
}

export interface CatchUpResult {
  readonly kind: 'catch-up'
  readonly seconds: number
}

export interface Outcome {
  readonly result: MessagesResult | IdleResult | CatchUpResult
  readonly acknowledged: readonly Acknowledged[]
  /** Whatever must not happen: doubled, reordered, misdirected, refused, unanswered. Empty or the benchmark fails. */
  readonly failures: readonly string[]
}

export type DriverReport =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'crashed'; readonly message: string }
