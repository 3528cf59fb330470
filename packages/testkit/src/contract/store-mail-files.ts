/** Files of mails and drafts at the store port: who sees them, who may take them up, and how long they stay. */
import type { AccountId, MailId, MediaId } from '@recado/protocol'
import type { Transaction } from '@recado/server/store/transaction.ts'
import { describe, expect, test } from 'vitest'
import { changeEntry, type StoreBench } from './store-bench.ts'
import type { GetBench } from './store-contract.ts'
import { collectAll, collectTwice, findings, newHash, newId, upload } from './store-media.ts'

interface Letter {
  readonly authorId: AccountId
  readonly mediaIds: readonly MediaId[]
}

/** Written and in its author's mailbox. */
async function compose(bench: StoreBench, { authorId, mediaIds }: Letter): Promise<MailId> {
  return await bench.transact(async transaction => {
    await transaction.lockStreams([], [authorId])
    const id = await transaction.mail.insertMail({
      authorId,
      threadId: null,
      inReplyTo: null,
      subject: 'Quay 4',
      text: '',
      html: null,
      recipients: [{ mode: 'to', accountId: authorId, groupId: null, address: null }],
      mediaIds,
      dueMicros: transaction.micros + 60_000_000,
      state: 'held',
    })
    await place(transaction, authorId, id)
    return id
  })
}

async function place(transaction: Transaction, accountId: AccountId, mailId: MailId): Promise<void> {
  await transaction.mail.putEntries([
    {
      accountId,
      mailId,
      folder: 'trash',
      authored: true,
      received: false,
      deliveryNumber: null,
      read: true,
      starred: false,
      labels: [],
      snoozedUntil: null,
      sortMicros: transaction.micros,
      version: 1,
    },
  ])
}

async function saveDraft(bench: StoreBench, accountId: AccountId, mediaIds: readonly MediaId[]): Promise<void> {
  await bench.transact(async transaction => {
    await transaction.lockStreams([], [accountId])
    const content = { to: [], cc: [], bcc: [], subject: '', html: '', preview: '', inReplyTo: null, forwardOf: null }
    await transaction.drafts.put({
      ...content,
      accountId,
      draftId: 'draft',
      mediaIds,
      number: 1,
      version: 1,
      fingerprint: '',
    })
  })
}

export function testMailFiles(getBench: GetBench): void {
  describe('files of mails and drafts', () => {
    test('L8: a mail shows them in their order to who has it in the mailbox, wherever it lies there', async () => {
      const bench = getBench()
      const { store } = bench
      const [author, reader] = await bench.people(2)
      if (author === undefined || reader === undefined) throw new Error('two people')
      const files = [await upload(bench, author.id, findings(newHash(), newHash())), await upload(bench, author.id)]
      const ids = files.map(file => file.id)
      const mailId = await compose(bench, { authorId: author.id, mediaIds: ids })
      const [mail] = await store.mail.readMails(author.id, [mailId])
      expect([mail?.attachments, mail?.attachmentCount]).toEqual([files, 2])
      const [plain] = await store.mail.readMails(author.id, [
        await compose(bench, { authorId: author.id, mediaIds: [] }),
      ])
      expect([plain?.attachments, plain?.attachmentCount]).toEqual([[], 0])
      for (const id of ids) {
        expect(await store.media.findSights(id, author.id)).toEqual([expect.objectContaining({ by: 'mail' })])
        expect(await store.media.findSights(id, reader.id)).toEqual([])
      }
      const usable = (accountId: AccountId) =>
        bench.transact(transaction => transaction.media.findUsable([...ids, newId()], accountId))
      expect([...(await usable(author.id))].sort()).toEqual([...ids].sort())
      expect(await usable(reader.id)).toEqual([])
      await bench.transact(transaction => place(transaction, reader.id, mailId))
      expect([...(await usable(reader.id))].sort()).toEqual([...ids].sort())
      expect(await store.media.findSights(ids[0] ?? newId(), reader.id)).toMatchObject([{ by: 'mail' }])
    })

    test('a draft shows them to its writer, and keeps them as long as it names them', async () => {
      const bench = getBench()
      const { store } = bench
      const [author, other] = await bench.people(2)
      if (author === undefined || other === undefined) throw new Error('two people')
      const [one, two] = [await upload(bench, author.id), await upload(bench, author.id)]
      const shown = async () => (await store.drafts.find(author.id, 'draft'))?.attachments.map(file => file.id)
      await saveDraft(bench, author.id, [one.id, two.id])
      expect(await shown()).toEqual([one.id, two.id])
      expect(await store.media.findSights(one.id, author.id)).toMatchObject([{ by: 'draft' }])
      expect(await store.media.findSights(one.id, other.id)).toEqual([])
      await collectTwice(bench)
      for (const { id } of [one, two]) expect(await store.media.find(id)).toMatchObject({ state: 'ready' })
      await saveDraft(bench, author.id, [two.id])
      expect(await shown()).toEqual([two.id])
      await collectTwice(bench)
      expect(await store.media.find(one.id)).toBe(null)
      await bench.transact(transaction => transaction.drafts.remove(author.id, 'draft'))
      await collectTwice(bench)
      expect(await store.media.find(two.id)).toBe(null)
    })

    test('a mail keeps its files, whatever becomes of the draft that it was and of the message they also hang on', async () => {
      const bench = getBench()
      const author = await bench.person()
      const group = await bench.group(author)
      const file = await upload(bench, author.id)
      await saveDraft(bench, author.id, [file.id])
      const sequence = await bench.send(group, author, { body: '', attachments: [file] })
      await compose(bench, { authorId: author.id, mediaIds: [file.id] })
      await bench.transact(transaction => transaction.drafts.remove(author.id, 'draft'))
      await bench.append(changeEntry('delete', { conversationId: group, target: sequence }, author))
      expect(await bench.store.media.cancel(file.id)).toBe(false)
      await collectTwice(bench)
      expect(await bench.store.media.find(file.id)).toMatchObject({ state: 'ready' })
    })

    test('a draft takes up what is doomed and its writer’s own, until it is gone', async () => {
      const bench = getBench()
      const [author, other] = await bench.people(2)
      if (author === undefined || other === undefined) throw new Error('two people')
      const file = await upload(bench, author.id)
      await collectAll(bench, 2 ** 52)
      const takeUp = (accountId: AccountId) =>
        bench.transact(async transaction => {
          await transaction.media.takeUp([file.id], accountId)
          return await transaction.media.findUsable([file.id], accountId)
        })
      expect(await takeUp(other.id)).toEqual([])
      expect(await takeUp(author.id)).toEqual([file.id])
      await saveDraft(bench, author.id, [file.id])
      await collectTwice(bench)
      expect(await bench.store.media.find(file.id)).toMatchObject({ state: 'ready' })
      await bench.transact(transaction => transaction.drafts.remove(author.id, 'draft'))
      await collectTwice(bench)
      expect(await takeUp(author.id)).toEqual([])
    })

    test('what is doomed is not taken up any more by a mail', async () => {
      const bench = getBench()
      const author = await bench.person()
      const file = await upload(bench, author.id)
      await collectAll(bench, 2 ** 52)
      expect(await bench.transact(transaction => transaction.media.findUsable([file.id], author.id))).toEqual([])
    })
  })
}
