/** What the cache contract says of mail. */
import type { Mail, MailEntry, MailHeader, MailId, MailStatuses } from '@recado/protocol'
import type { Cache } from './cache.ts'
import { begin, type ContractCase, meta, rejection, same, withCache } from './contract-tools.ts'
import { writeChanges } from './persist.ts'
import { forgetMessages, restore } from './restore.ts'
import type { CachedDraft, MailboxWish, MailMeta } from './rows.ts'

const epoch = 'epoch-1'

function header(id: number, version: number, statuses: number | null = null): MailHeader {
  const counts = { queued: 0, sent: 0, delivered: 0, read: 0, failed: 0, cancelled: 0 }
  const told: MailStatuses | null = statuses === null ? null : { ...counts, version: statuses }
  return { id: id as MailId, entry: { version } as MailEntry, statuses: told } as MailHeader
}

const mailMeta: MailMeta = { epoch, since: 1, extents: {}, walked: 'no', confirmed: 0, unread: null }

async function fill(cache: Cache): Promise<void> {
  await begin(cache)
  await writeChanges(cache, [
    { kind: 'mails', epoch, items: [header(7, 1), header(8, 2)] },
    {
      kind: 'run',
      work: async rows => {
        await rows.put('mailMeta', 'mail', mailMeta)
        await rows.put('mailBodies', 7 as MailId, { id: 7, text: 'body' } as Mail)
        await rows.put('mailWishes', 3, { order: 3 } as MailboxWish)
        await rows.put('drafts', 4, { order: 4 } as CachedDraft)
      },
    },
  ])
}

/** How many rows of mail there are: headers, whole lists, bodies, wishes, drafts. */
function count(cache: Cache): Promise<number[]> {
  const stores = ['mailHeaders', 'mailMeta', 'mailBodies', 'mailWishes', 'drafts'] as const
  return cache.read(stores, rows => Promise.all(stores.map(store => rows.count(store))))
}

export const mailCases: readonly ContractCase[] = [
  withCache('of a mail the highest version counts, and of its statuses theirs, whatever comes last', async cache => {
    await begin(cache)
    const write = (item: MailHeader) => writeChanges(cache, [{ kind: 'mails', epoch, items: [item] }])
    const read = async () => {
      const row = await cache.read(['mailHeaders'], rows => rows.get('mailHeaders', 7 as MailId))
      return [row?.entry.version, row?.statuses?.version]
    }
    await write(header(7, 5, 2))
    await write(header(7, 4, 3))
    same(await read(), [5, 3])
    await write(header(7, 6, 1))
    same(await read(), [6, 3])
    await write(header(7, 6))
    same(await read(), [6, 3])
  }),
  withCache('after a gap lists begin anew: bodies, wishes and drafts stay', async cache => {
    await fill(cache)
    same([await count(cache), (await restore(cache)).mail], [[2, 1, 1, 1, 1], 'some'])
    await writeChanges(cache, [{ kind: 'mails', epoch, items: [header(9, 3)], over: true }])
    same(await count(cache), [1, 0, 1, 1, 1])
  }),
  withCache('another epoch empties what was known of mails, never what was written here (L6)', async cache => {
    await fill(cache)
    await writeChanges(cache, [{ kind: 'wipe', meta: { ...meta(), epoch: 'epoch-2' } }])
    same(await count(cache), [0, 0, 0, 1, 1])
    // A tab that has not heard yet.
    await writeChanges(cache, [{ kind: 'mails', epoch, items: [header(7, 9)] }])
    same(await count(cache), [0, 0, 0, 1, 1])
  }),
  withCache('what several parts write together is there as a whole or not at all', async cache => {
    await begin(cache)
    const failing = async () => {
      throw new Error('It fails.')
    }
    const written = writeChanges(cache, [
      { kind: 'mails', epoch, items: [header(7, 1)] },
      { kind: 'run', work: failing },
    ])
    same(await rejection(written), 'It fails.')
    same(await count(cache), [0, 0, 0, 0, 0])
  }),
  withCache('who forgets messages forgets bodies of mails, and no draft', async cache => {
    await fill(cache)
    await forgetMessages(cache)
    same(await count(cache), [2, 1, 0, 1, 1])
  }),
]
