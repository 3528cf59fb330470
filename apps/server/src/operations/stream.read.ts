import type { AccountId, ConversationId, StreamEvent, StreamId } from '@recado/protocol'
import { requireMembership } from '../access/membership.ts'
import { presentTo } from '../access/sight.ts'
import type { Context } from '../context.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

const defaultLimit = 200
/** UTF-16 units of bodies in one page: a thousand large messages come in several (L10). */
const pageUnits = 1024 * 1024

export const streamRead = handle('stream.read', async (context, input, caller) => {
  const { stream, cursor, limit = defaultLimit } = input
  const [micros, page] = await Promise.all([
    cursor.sequence === 0 ? cursor.micros : context.store.findEventMicros(stream, cursor.sequence),
    context.store.readEvents(stream, cursor.sequence, limit),
  ])
  // After the read: nothing is shown that was written after the reader was removed (L8).
  const visibleFrom = await requireSight(context, stream, caller.accountId)
  // A cursor counts only if its own event is still there and happened when the cursor says (L6).
  if (cursor.epoch !== context.store.epoch || micros !== cursor.micros) refuse('cursor-gone')
  const items = cutPage(page.items.map(event => presentTo(visibleFrom, event)))
  return { items, head: page.head, epoch: context.store.epoch }
})

/** As many as weigh what a page may, and one at least. */
function cutPage(events: StreamEvent[]): StreamEvent[] {
  let units = 0
  const end = events.findIndex((event, index) => {
    if ('message' in event.data) units += event.data.message.body?.length ?? 0
    return index > 0 && units > pageUnits
  })
  return end < 0 ? events : events.slice(0, end)
}

/** From which sequence on the caller sees this stream: all of their own, what membership allows of a conversation. */
async function requireSight({ store }: Context, stream: StreamId, accountId: AccountId): Promise<number> {
  if (stream === accountId) return 0
  return (await requireMembership(store, stream as ConversationId, accountId)).visibleFrom
}
