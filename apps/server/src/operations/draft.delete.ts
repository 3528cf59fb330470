import { deleteDraft } from './delete-draft.ts'
import { handle } from './handler.ts'

export const draftDelete = handle('draft.delete', async (context, { draftId, base }, { accountId }) => {
  await context.log.transact(async transaction => {
    await transaction.lockStreams([], [accountId])
    await deleteDraft(transaction, { accountId, draftId, ...(base !== undefined && { base }) })
  })
  return {}
})
