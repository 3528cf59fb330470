import { limits, type OperationInput } from '@recado/protocol'
import { readAsMember } from '../access/membership.ts'
import { refuse } from '../problem.ts'
import type { HistoryRequest } from '../store/store.ts'
import { handle } from './handler.ts'

export const messageList = handle('message.list', async (context, input, caller) => {
  const { conversationId, limit = limits.pageSize } = input
  const { accountId } = caller
  const page = await readAsMember(context.store, { conversationId, accountId }, ({ visibleFrom }) =>
    context.store.readHistory({ conversationId, visibleFrom, from: startOf(input), limit }),
  )
  return { ...page, items: [...page.items], epoch: context.store.epoch }
})

function startOf({ before, after, around }: OperationInput<'message.list'>): HistoryRequest['from'] {
  const named = [before, after, around].filter(anchor => anchor !== undefined)
  if (named.length > 1) refuse('invalid-input', 'Give one of before, after and around.')
  if (before !== undefined) return { before }
  if (after !== undefined) return { after }
  if (around === undefined) return 'newest'
  if (typeof around === 'number') return { around }
  const aroundMicros = Date.parse(around.time) * 1_000
  // A leap second has the form of a time and is none here.
  return Number.isSafeInteger(aroundMicros) ? { aroundMicros } : refuse('invalid-input', 'This is no time.')
}
