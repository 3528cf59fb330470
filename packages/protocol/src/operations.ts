/** Every operation of the wire contract: the one registry that types, validation, documentation and the SDK derive from. */
import type { Static } from 'typebox'
import { accountOperations } from './operations/accounts.ts'
import { conversationOperations } from './operations/conversations.ts'
import { liveOperations } from './operations/live.ts'
import { messageOperations } from './operations/messages.ts'

export const operations = {
  ...accountOperations,
  ...conversationOperations,
  ...messageOperations,
  ...liveOperations,
} as const

export type Operations = typeof operations
export type OperationName = keyof Operations
export type OperationInput<Name extends OperationName> = Static<Operations[Name]['input']>
export type OperationOutput<Name extends OperationName> = Static<Operations[Name]['output']>

export const operationNames = Object.keys(operations) as OperationName[]

export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(operations, name)
}
