import type { ConversationId, Cursor, StreamId } from '@recado/protocol'
import { requireMembership } from '../access/membership.ts'
import { presentTo } from '../access/sight.ts'
import type { Context } from '../context.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

const defaultLimit = 200

export const streamRead = handle('stream.read', async (context, input, caller) => {
  const { stream, cursor, limit = defaultLimit } = input
  const visibleFrom =
    stream === caller.accountId
      ? 0
      : (await requireMembership(context.store, stream as ConversationId, caller.accountId)).visibleFrom
  await requireSameHistory(context, stream, cursor)
  const { items, head } = await context.store.readEvents(stream, cursor.sequence, limit)
  if (cursor.sequence > head.sequence) refuse('cursor-gone')
  return { items: items.map(event => presentTo(visibleFrom, event)), head, epoch: context.store.epoch }
})

/** A cursor counts only if its own event is still there and happened when the cursor says (L6). */
async function requireSameHistory({ store }: Context, stream: StreamId, cursor: Cursor): Promise<void> {
  if (cursor.epoch !== store.epoch) refuse('cursor-gone')
  if (cursor.sequence === 0) return
  if ((await store.findEventMicros(stream, cursor.sequence)) !== cursor.micros) refuse('cursor-gone')
}
