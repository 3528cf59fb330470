import { requireMembership } from '../access/membership.ts'
import { maySee } from '../access/sight.ts'
import { isoTime } from '../clock.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

export const messageVersions = handle('message.versions', async (context, input, caller) => {
  const { conversationId, sequence } = input
  const { visibleFrom } = await requireMembership(context.store, conversationId, caller.accountId)
  const message = maySee(visibleFrom, sequence) ? await context.store.findMessage(conversationId, sequence) : null
  if (message === null) refuse('not-found')
  if (message.deletedAt !== null) refuse('message-deleted')
  const versions = await context.store.readVersions(conversationId, sequence)
  return { items: versions.map(({ version, body, micros }) => ({ version, body, at: isoTime(micros) })), next: null }
})
