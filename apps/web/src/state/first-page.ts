/** When a conversation can be drawn with its messages instead of with a skeleton. */
import type { ConversationHandle } from '@recado/client'

/**
 * So long what was on screen stays when another conversation is opened. The device nearly always has the messages by
 * then, so they are there at once, and nothing is drawn that is thrown away a moment later.
 */
const patienceMs = 60

export async function untilFirstPage(handle: ConversationHandle): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, patienceMs)
  await Promise.race([handle.open(), promise])
  clearTimeout(timer)
}
