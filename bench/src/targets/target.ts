/** A server under measurement, freshly started on an empty database of its own. */
import type { Acknowledged, DialectName, InspectedProcess, Room, Ticket } from '../driver/job.ts'

export interface RoomPlan {
  readonly rooms: number
  readonly members: number
  readonly senders: number
}

/** How a scenario wants its server's Node started, beyond the usual. */
export type NodeOptions = readonly string[]

export interface Target extends AsyncDisposable {
  readonly dialect: DialectName
  readonly port: number
  /** The root of its process tree, in which the database is. */
  readonly server: InspectedProcess
  createTickets(count: number): Promise<readonly Ticket[]>
  /** Conversations of people who are in no other. */
  createRooms(plan: RoomPlan): Promise<readonly Room[]>
  /** Stores so many messages, spread over the conversations, as if they had been sent long ago. */
  seedMessages(rooms: readonly Room[], count: number): Promise<void>
  /** What is wrong with the stored messages, seen from what was acknowledged; empty if nothing. */
  checkStored(acknowledged: readonly Acknowledged[]): Promise<readonly string[]>
}
