import type { AccountId, Role } from '@recado/protocol'
import { findEarlier, type KeyedChange } from '../access/keys.ts'
import { requireGroupRole } from '../access/membership.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

interface RoleChange extends KeyedChange {
  readonly accountId: AccountId
  readonly role: Role
}

export const memberSetRole = handle('member.setRole', async (context, input, caller) => {
  const { conversationId, key, accountId, role } = input
  const mark = fingerprint('role', accountId, role)
  const change = { conversationId, actorId: caller.accountId, key, fingerprint: mark, accountId, role }
  return { sequence: await context.log.transact(transaction => setRole(transaction, change)) }
})

async function setRole(transaction: Transaction, change: RoleChange): Promise<number | null> {
  const { conversationId, actorId, key, accountId, role } = change
  await transaction.lockStreams([conversationId], [])
  const earlier = await findEarlier(transaction, change)
  if (earlier !== null) return earlier
  await requireGroupRole(transaction, { conversationId, accountId: actorId }, ['owner'])
  const [member] = await transaction.findMemberships(conversationId, [accountId])
  if (member === undefined) refuse('not-found')
  if (member.role === role) return null
  if (member.role === 'owner' && (await transaction.countOwners(conversationId)) === 1) {
    refuse('forbidden', 'A group keeps at least one owner; make somebody else one first.')
  }
  await transaction.updateRole(conversationId, accountId, role)
  const { fingerprint: mark } = change
  const [sequence] = await transaction.appendEvents([
    { stream: conversationId, kind: 'member.roleChanged', actorId, target: accountId, key, fingerprint: mark },
  ])
  return sequence ?? null
}
