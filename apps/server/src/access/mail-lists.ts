/**
 * Lists of any length as pages (L10): each is read once the one before it was taken, so a reader that is slow, or gone, holds
 * one page and no connection of the database.
 */
import type { AccountId } from '@recado/protocol'
import type { PlainMail, PlainMailRequest } from '../store/mail.ts'
import type { Store } from '../store/store.ts'

export type { PlainMail }

const peoplePerPage = 1_000
const leastMailsPerPage = 20
const mostMailsPerPage = 500
/** UTF-16 units of the texts of a page, by which the next one's size is chosen. */
const unitsPerPage = 256 * 1024

/** One's own mails, oldest first. */
export async function* readMails(
  { mail }: Pick<Store, 'mail'>,
  { accountId, box }: Pick<PlainMailRequest, 'accountId' | 'box'>,
): AsyncGenerator<readonly PlainMail[], void> {
  let after: PlainMailRequest['after'] = null
  let limit = leastMailsPerPage
  for (;;) {
    const page: readonly PlainMail[] = await mail.listPlain({ accountId, box, after, limit })
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length < limit) return
    after = { micros: last.sortMicros, id: last.id }
    limit = nextLimit(page)
  }
}

function nextLimit(page: readonly PlainMail[]): number {
  const units = page.reduce((sum, { subject, text }) => sum + subject.length + text.length, 0)
  const fitting = Math.floor((unitsPerPage * page.length) / Math.max(units, 1))
  return Math.min(mostMailsPerPage, Math.max(leastMailsPerPage, Math.min(fitting, page.length * 4)))
}

export interface OthersWanted {
  readonly accountId: AccountId
  readonly skip: number
  readonly limit: number
}

/** Everybody else, by id. */
export async function* readOthers(
  { accounts }: Pick<Store, 'accounts'>,
  { accountId, skip, limit }: OthersWanted,
): AsyncGenerator<Awaited<ReturnType<Store['accounts']['listOthers']>>, void> {
  let after = 0
  for (let left = limit; left > 0; ) {
    const wanted = Math.min(left, peoplePerPage)
    const page = await accounts.listOthers({ accountId, after, skip: after === 0 ? skip : 0, limit: wanted })
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length < wanted) return
    after = last.id
    left -= page.length
  }
}
