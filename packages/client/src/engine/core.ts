/** What every part of an engine shares. */
import type {
  Attachment,
  ConversationId,
  OperationInput,
  OperationName,
  Problem,
  StreamEvent,
  StreamId,
} from '@recado/protocol'
import type { QueuedFile } from '../cache/rows.ts'
import type { Clock, Random } from '../ports.ts'
import type { Model } from './model.ts'
import type { Settle } from './requests.ts'
import type { Writer } from './writer.ts'

export interface EngineOptions {
  readonly windowMessages: number
  readonly cachedMessages: number
  readonly eventsPerPage: number
  readonly receipts: 'delivered' | 'none'
}

export interface Core {
  readonly clock: Clock
  readonly random: Random
  readonly options: EngineOptions
  readonly model: Model
  readonly writer: Writer
  online(): boolean
  /** False if there is no connection: then `settle` is never called. */
  send<Name extends OperationName>(operation: Name, data: OperationInput<Name>, settle: Settle<Name>): boolean
  /** Uploads files; resolves to a refusal, or to what now is with them. */
  upload(work: UploadWork): Promise<'there' | 'later' | Problem>
  /** Something that listeners see changed; of one conversation, or of the whole. */
  changed(conversationId?: ConversationId): void
  /** Waits for storage in the background: undefined if the engine stopped meanwhile. */
  guard<Result>(work: Promise<Result>): Promise<Result | undefined>
}

export const takenBack = 'taken back'

export interface UploadWork {
  readonly files: readonly QueuedFile[]
  /** Aborted with `takenBack` when what they belong to is. */
  readonly signal: AbortSignal
  /** Keeps what the files became. */
  note(files: readonly QueuedFile[]): Promise<void>
  /** How many bytes of them the server has. */
  progress(bytes: number): void
  /** One of them is there, and looks so. */
  ready?(file: QueuedFile, attachment: Attachment): void
}

export type EmitEvent = (stream: StreamId, event: StreamEvent) => void
