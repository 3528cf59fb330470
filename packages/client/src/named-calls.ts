/** The calls that are one operation each, under names of their own: each write carries a fresh key (L3). */
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
import type { GroupChange } from './types.ts'

export abstract class NamedCalls {
  abstract call<Name extends OperationName>(operation: Name, data: OperationInput<Name>): Promise<OperationOutput<Name>>

  protected abstract key(): string

  async listSessions(): Promise<readonly Session[]> {
    return (await this.call('session.list', {})).items
  }

  async endSession(sessionId: SessionId): Promise<void> {
    await this.call('session.end', { sessionId })
  }

  async endOtherSessions(): Promise<number> {
    return (await this.call('session.endOthers', {})).ended
  }

  async edit(conversationId: ConversationId, sequence: number, body: string, mentions?: readonly AccountId[]) {
    const changed = { conversationId, sequence, body, ...(mentions && { mentions: [...mentions] }) }
    await this.call('message.edit', { ...changed, key: this.key() })
  }

  async delete(conversationId: ConversationId, sequence: number): Promise<void> {
    await this.call('message.delete', { conversationId, sequence, key: this.key() })
  }

  async react(conversationId: ConversationId, sequence: number, emoji: string): Promise<void> {
    await this.call('message.react', { conversationId, sequence, emoji, key: this.key() })
  }

  async unreact(conversationId: ConversationId, sequence: number, emoji: string): Promise<void> {
    await this.call('message.unreact', { conversationId, sequence, emoji, key: this.key() })
  }

  async listVersions(conversationId: ConversationId, sequence: number): Promise<readonly MessageVersion[]> {
    return (await this.call('message.versions', { conversationId, sequence })).items
  }

  async updateGroup(conversationId: ConversationId, change: GroupChange): Promise<void> {
    await this.call('conversation.update', { conversationId, ...change, key: this.key() })
  }

  async setReadReceipts(to: 'shown' | 'hidden'): Promise<void> {
    await this.call('account.setPrivacy', { readReceipts: to === 'shown' })
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
