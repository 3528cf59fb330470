import { refuse } from '../problem.ts'
import { presentDraft } from '../store/drafts.ts'
import { handle } from './handler.ts'

export const draftGet = handle('draft.get', async ({ store }, { draftId }, { accountId }) => {
  return presentDraft((await store.drafts.find(accountId, draftId)) ?? refuse('not-found'))
})
