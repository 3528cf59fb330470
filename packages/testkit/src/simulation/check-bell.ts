/**
 * N1: whoever was named by a message, or added to a group, while a member ever since, has a line for it and
 * no line is open that its account read or answered, or of a conversation that it is not in.
 */
import type { AccountId } from '@recado/protocol'
import type { Complain } from './check-log.ts'
import type { Facts } from './facts.ts'

export function checkBellLines(facts: Facts, complain: Complain): void {
  const { tables } = facts
  for (const { accountId, conversationId, sequence, kind, cleared } of tables.bell.values()) {
    const isDue = facts.isMember(conversationId, accountId) && facts.position(conversationId, accountId).read < sequence
    if (cleared || isDue) continue
    complain(`the bell of ${accountId} still has the ${kind} for ${sequence} of ${conversationId}`)
  }
  for (const id of facts.conversations) {
    const isGroup = tables.conversations.get(`${id}`)?.kind === 'group'
    const expect = (accountId: AccountId | null, sequence: number, kind: string, actorId: AccountId | null) => {
      const stay = accountId === null ? undefined : facts.stays(id, accountId).at(-1)
      const isHere = stay?.to === Number.POSITIVE_INFINITY && stay.from <= sequence
      if (!isHere || accountId === actorId) return
      const line = tables.bell.get(`${accountId} ${id} ${sequence} ${kind}`)
      if (line === undefined) complain(`the bell of ${accountId} has no ${kind} for ${sequence} of ${id}`)
    }
    for (const { kind, sequence, target, actorId } of facts.events(id)) {
      if (kind === 'member.added' && isGroup) expect(target as AccountId, sequence, 'invitation', actorId)
      if (kind !== 'message.created') continue
      const message = tables.messages.get(`${id} ${sequence}`)
      // Whom an edited or deleted message named when it was read is not known any more.
      if (message?.version !== 1) continue
      for (const named of message.mentions) expect(named, sequence, 'mention', actorId)
      const quoted = message.replyTo === null ? undefined : tables.messages.get(`${id} ${message.replyTo}`)
      if (quoted && !message.mentions.includes(quoted.authorId)) expect(quoted.authorId, sequence, 'reply', actorId)
    }
  }
}
