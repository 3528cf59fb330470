/** A server under measurement, freshly started on an empty database of its own. */
import type { Acknowledged, DialectName, Room, Ticket } from '../driver/job.ts'

export interface RoomPlan {
  readonly rooms: number
  readonly members: number
  readonly senders: number
}

export interface Target extends AsyncDisposable {
  readonly dialect: DialectName
  readonly port: number
  /** The roots of its process tree, database included. */
  readonly processes: readonly number[]
  createTickets(count: number): Promise<readonly Ticket[]>
  /** Conversations of people who are in no other. */
  createRooms(plan: RoomPlan): Promise<readonly Room[]>
  /** Stores so many messages, spread over the conversations, as if they had been sent long ago. */
  seedMessages(rooms: readonly Room[], count: number): Promise<void>
  /** What is wrong with the stored messages, seen from what was acknowledged; empty if nothing. */
  checkStored(acknowledged: readonly Acknowledged[]): Promise<readonly string[]>
}
