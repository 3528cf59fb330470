/** The calls that are one operation each, under names of their own: each write carries a fresh key (L3), or waits in the outbox. */
import type {
  AccountId,
  ConversationId,
  MessageVersion,
  OperationInput,
  OperationName,
  OperationOutput,
  Role,
  Session,
  SessionId,
} from '@recado/protocol'
import { limits } from '@recado/protocol'
import { refuse } from './problem-error.ts'
import type { GroupChange, MessageChange } from './types.ts'

/** Raises `invalid-input`. Beside files there need be no text. */
export function requireBody(body: string, files = 0): void {
  const length = [...body].length
  if (length + files > 0 && length <= limits.bodyLength) return
  throw refuse('invalid-input', { detail: `A message has 1 to ${limits.bodyLength} characters.` })
}

export abstract class NamedCalls {
  abstract call<Name extends OperationName>(operation: Name, data: OperationInput<Name>): Promise<OperationOutput<Name>>

  protected abstract key(): string

  /** Puts it into the outbox. */
  protected abstract change(conversationId: ConversationId, change: MessageChange): Promise<void>

  async listSessions(): Promise<readonly Session[]> {
    return (await this.call('session.list', {})).items
  }

  async endSession(sessionId: SessionId): Promise<void> {
    await this.call('session.end', { sessionId })
  }

  async endOtherSessions(): Promise<number> {
    return (await this.call('session.endOthers', {})).ended
  }

  async edit(conversationId: ConversationId, sequence: number, body: string, mentions: readonly AccountId[] = []) {
    requireBody(body)
    await this.change(conversationId, { kind: 'edit', sequence, body, mentions })
  }

  delete(conversationId: ConversationId, sequence: number): Promise<void> {
    return this.change(conversationId, { kind: 'delete', sequence })
  }

  react(conversationId: ConversationId, sequence: number, emoji: string): Promise<void> {
    return this.change(conversationId, { kind: 'react', sequence, emoji })
  }

  unreact(conversationId: ConversationId, sequence: number, emoji: string): Promise<void> {
    return this.change(conversationId, { kind: 'unreact', sequence, emoji })
  }

  pinMessage(conversationId: ConversationId, sequence: number): Promise<void> {
    return this.change(conversationId, { kind: 'pin', sequence })
  }

  unpinMessage(conversationId: ConversationId, sequence: number): Promise<void> {
    return this.change(conversationId, { kind: 'unpin', sequence })
  }

  saveMessage(conversationId: ConversationId, sequence: number): Promise<void> {
    return this.change(conversationId, { kind: 'save', sequence })
  }

  unsaveMessage(conversationId: ConversationId, sequence: number): Promise<void> {
    return this.change(conversationId, { kind: 'unsave', sequence })
  }

  async listVersions(conversationId: ConversationId, sequence: number): Promise<readonly MessageVersion[]> {
    return (await this.call('message.versions', { conversationId, sequence })).items
  }

  async updateGroup(conversationId: ConversationId, change: GroupChange): Promise<void> {
    await this.call('conversation.update', { conversationId, ...change, key: this.key() })
  }

  async addMembers(conversationId: ConversationId, accountIds: readonly AccountId[], history?: 'all' | 'from-now') {
    const added = { conversationId, accountIds: [...accountIds], key: this.key(), ...(history && { history }) }
    await this.call('member.add', added)
  }

  async removeMember(conversationId: ConversationId, accountId: AccountId): Promise<void> {
    await this.call('member.remove', { conversationId, accountId, key: this.key() })
  }

  async leave(conversationId: ConversationId): Promise<void> {
    await this.call('conversation.leave', { conversationId, key: this.key() })
  }

  async setRole(conversationId: ConversationId, accountId: AccountId, role: Role): Promise<void> {
    await this.call('member.setRole', { conversationId, accountId, role, key: this.key() })
  }

  async clearBell(conversationId: ConversationId | null): Promise<void> {
    await this.call('bell.clear', { conversationId })
  }
}
