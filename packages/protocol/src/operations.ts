/** Every operation of the wire contract: the one registry that types, validation, documentation and the SDK derive from. */
import type { Static } from 'typebox'
import { accountOperations } from './operations/accounts.ts'
import { conversationOperations } from './operations/conversations.ts'
import { draftOperations } from './operations/drafts.ts'
import { liveOperations } from './operations/live.ts'
import { mailOperations } from './operations/mails.ts'
import { markOperations } from './operations/marks.ts'
import { mediaOperations } from './operations/media.ts'
import { messageOperations } from './operations/messages.ts'
import { searchOperations } from './operations/search.ts'

export const operations = {
  ...accountOperations,
  ...conversationOperations,
  ...messageOperations,
  ...mediaOperations,
  ...markOperations,
  ...mailOperations,
  ...draftOperations,
  ...searchOperations,
  ...liveOperations,
} as const

export type Operations = typeof operations
export type OperationName = keyof Operations

/** Resolved once for all operations: worked out per use, the schemas' types cost the compiler most of its time. */
interface Data {
  input: { [Name in OperationName]: Static<Operations[Name]['input']> }
  output: { [Name in OperationName]: Static<Operations[Name]['output']> }
}
export type OperationInput<Name extends OperationName> = Data['input'][Name]
export type OperationOutput<Name extends OperationName> = Data['output'][Name]

export const operationNames = Object.keys(operations) as OperationName[]

export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(operations, name)
}
