/** Conversations through the API: two people get a direct one, more a group. */
import { randomUUID } from 'node:crypto'
import { limits, type OperationInput, type OperationName } from '@recado/protocol'
import type { Room, Ticket } from '../driver/job.ts'

export async function createRoom(port: number, members: readonly Ticket[], senders: number): Promise<Room> {
  const [owner, ...others] = members.map(({ accountId, token }) => ({ accountId: accountId as never, token }))
  if (!owner) throw new Error('a room without people')
  const accountIds = others.map(other => other.accountId)
  const [peer] = accountIds
  const caller = { port, token: owner.token }
  if (peer !== undefined && accountIds.length === 1) {
    return { conversation: await call(caller, 'conversation.open', { accountId: peer }), members, senders }
  }
  const first = accountIds.slice(0, limits.membersPerRequest)
  const conversation = await call(caller, 'conversation.create', {
    key: randomUUID(),
    name: 'Bench',
    accountIds: first,
  })
  for (let next = first.length; next < accountIds.length; next += limits.membersPerRequest) {
    const more = accountIds.slice(next, next + limits.membersPerRequest)
    const conversationId = conversation as never
    await call(caller, 'member.add', { conversationId, key: randomUUID(), accountIds: more, history: 'all' })
  }
  return { conversation, members, senders }
}

/** Answers with the result's id, if it has one. */
async function call<Name extends OperationName>(
  caller: { readonly port: number; readonly token: string },
  operation: Name,
  data: OperationInput<Name>,
): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${caller.port}/v1/${operation}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${caller.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(data),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${operation} is refused: ${text}`)
  const result: unknown = JSON.parse(text)
  return typeof result === 'object' && result !== null && 'id' in result ? Number(result.id) : 0
}
