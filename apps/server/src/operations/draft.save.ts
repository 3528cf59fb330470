import { type AccountId, limits, type MediaId } from '@recado/protocol'
import { fingerprint } from '../log/fingerprint.ts'
import { refuse } from '../problem.ts'
import type { DraftContent } from '../store/drafts.ts'
import { previewOf } from '../store/mail-view.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'
import { requireFiles } from './require-files.ts'
import { sanitiseBody } from './sanitise-body.ts'

interface Saving {
  readonly accountId: AccountId
  readonly draftId: string
  readonly base: number
  readonly fingerprint: string
  readonly content: DraftContent
  readonly mediaIds: readonly MediaId[]
}

export const draftSave = handle('draft.save', async (context, input, { accountId }) => {
  const { draftId, base, to, cc, bcc, subject, inReplyTo = null, forwardOf = null, mediaIds = [] } = input
  const { html, text } = await sanitiseBody(context.bodies, input.html)
  const content = { to, cc, bcc, subject, html, preview: previewOf(text), inReplyTo, forwardOf }
  const mark = fingerprint('draft', to, cc, bcc, subject, html, inReplyTo, forwardOf, mediaIds)
  const saving = { accountId, draftId, base, fingerprint: mark, content, mediaIds }
  return { version: await context.log.transact(transaction => save(transaction, saving)) }
})

/** Under the lock of one's own stream, so that of two devices that wrote upon the same version one is told. */
async function save(transaction: Transaction, saving: Saving): Promise<number> {
  const { accountId, draftId, base, fingerprint: mark, content, mediaIds } = saving
  await transaction.lockStreams([], [accountId])
  const known = await transaction.drafts.find(accountId, draftId)
  if (known?.state === 'gone') refuse('draft-gone')
  if (known?.fingerprint === mark) return known.version
  if (known === null && base > 0) refuse('draft-gone')
  if (known !== null && known.version !== base) refuse('draft-changed')
  if (known === null && (await transaction.drafts.count(accountId)) >= limits.draftsPerAccount)
    refuse('limit-reached', `You may keep ${limits.draftsPerAccount} drafts.`)
  // What another device had thrown out, or lay in a draft that it discarded, is taken up again.
  if (mediaIds.length > 0) await transaction.media.takeUp(mediaIds, accountId)
  await requireFiles(transaction, accountId, mediaIds)
  const { sequence } = await transaction.headOf(accountId)
  const number = known?.number ?? sequence + 1
  const [version = 0] = await transaction.appendEvents([
    { stream: accountId, kind: 'draft.changed', actorId: accountId, target: number },
  ])
  await transaction.drafts.put({ ...content, mediaIds, accountId, draftId, number, version, fingerprint: mark })
  return version
}
