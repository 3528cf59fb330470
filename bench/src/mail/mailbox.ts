/** A mailbox of many mails, as its reader uses it: one request after another, over HTTP. */
import { startRecado } from '../targets/recado.ts'
import { type Place, quantile, timeCall } from './call.ts'

export interface MailboxFigure {
  readonly what: string
  readonly requests: number
  readonly p50: number
  readonly p95: number
}

interface Page {
  readonly items: readonly { readonly id: number; readonly threadId: number }[]
  readonly next: string | null
}

const repeats = 100

export async function measureMailbox(mails: number): Promise<readonly MailboxFigure[]> {
  await using target = await startRecado([])
  const [reader, ...authors] = await target.createTickets(51)
  if (reader === undefined) throw new Error('there is nobody')
  await target.seedMailbox({ reader, authors, count: mails })
  const place: Place = { port: target.port, pid: target.server.pid }
  const list = (data: object) => timeCall<Page>(place, reader, 'mailbox.list', data)

  const figures: MailboxFigure[] = []
  const measure = async (what: string, run: (index: number) => Promise<number>, requests = repeats) => {
    const times: number[] = []
    for (let index = 0; index < requests; index++) times.push(await run(index))
    figures.push({ what, requests, p50: quantile(times, 0.5), p95: quantile(times, 0.95) })
  }
  const { items } = (await list({ folder: 'received', limit: 100 })).result
  await measure('the first 50 of the inbox', async () => (await list({ folder: 'inbox', limit: 50 })).ms)
  await measure('the first 50 unread', async () => (await list({ folder: 'inbox', only: 'unread', limit: 50 })).ms)
  await measure('the first 50 starred', async () => (await list({ folder: 'starred', limit: 50 })).ms)
  await measure('the number of unread', async () => (await timeCall(place, reader, 'mailbox.unread', {})).ms)
  await measure('a thread of five', async index => {
    const thread = items[index % items.length]?.threadId
    return (await timeCall(place, reader, 'thread.get', { threadId: thread })).ms
  })
  let next: string | null | undefined
  let seen = 0
  const pages = Math.ceil(mails / 100)
  await measure(
    'each page of 100, to the oldest',
    async () => {
      const { ms, result } = await list({ folder: 'received', limit: 100, ...(next ? { next } : {}) })
      next = result.next
      seen += result.items.length
      return ms
    },
    pages,
  )
  if (seen !== mails) throw new Error(`${seen} of ${mails} mails were listed`)
  await measure('marking one as read', async index => {
    const mailId = items[index % items.length]?.id
    return (await timeCall(place, reader, 'mailbox.update', { mailIds: [mailId], key: `read.${index}`, read: true })).ms
  })
  return figures
}
