import { limits } from '@recado/protocol'
import { formatPlace, parsePlace } from '../access/place.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

export const mailboxList = handle('mailbox.list', async ({ store }, input, { accountId }) => {
  const { folder, label = null, only = 'all', order = 'newest', next, limit = limits.pageSize } = input
  if ((folder === 'labelled') !== (label !== null)) refuse('invalid-input', 'A label goes with the folder `labelled`.')
  const place = parsePlace(next)
  const items = await store.mail.list({
    accountId,
    view: folder,
    label,
    only,
    order,
    after: place === null ? null : { micros: place[0], id: place[1] },
    limit,
  })
  const last = items.length === limit ? items.at(-1) : undefined
  return {
    items: items.map(item => item.header),
    next: last === undefined ? null : formatPlace(last.sortMicros, last.header.id),
  }
})
