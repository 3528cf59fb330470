import { handle } from './handler.ts'

/** Chooses among what this account receives anyway, so who is no member hears nothing and learns nothing (L8). */
export const positionWatch = handle('position.watch', async (_context, { conversationIds }, caller) => {
  if (caller.connection !== null) caller.connection.watched = new Set(conversationIds)
  return {}
})
