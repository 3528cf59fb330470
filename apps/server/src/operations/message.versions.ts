import { readAsMember } from '../access/membership.ts'
import { maySee } from '../access/sight.ts'
import { isoTime } from '../clock.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

export const messageVersions = handle('message.versions', async (context, input, caller) => {
  const { conversationId, sequence } = input
  const { accountId } = caller
  const { store } = context
  const versions = await readAsMember(store, { conversationId, accountId }, async ({ visibleFrom }) => {
    const message = maySee(visibleFrom, sequence) ? await store.findMessage(conversationId, sequence) : null
    if (message === null) refuse('not-found')
    if (message.deletedAt !== null) refuse('message-deleted')
    return await store.readVersions(conversationId, sequence)
  })
  return { items: versions.map(({ version, body, micros }) => ({ version, body, at: isoTime(micros) })), next: null }
})
