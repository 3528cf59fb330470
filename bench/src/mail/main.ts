/** `npm run bench:mail`: mails to one, ten and ten thousand, and chat beside a mail to ten thousand. */
import { cpus, loadavg, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import type { MessagesResult } from '../driver/job.ts'
import { resultsFile, writeSection } from '../results-file.ts'
import { Driver } from '../run.ts'
import { startRecado } from '../targets/recado.ts'
import type { Target } from '../targets/target.ts'
import type { Place } from './call.ts'
import { type MailboxFigure, measureMailbox } from './mailbox.ts'
import { type Letter, type MailFigures, sendMails } from './senders.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    crowd: { type: 'string' },
    mailbox: { type: 'string' },
    output: { type: 'string' },
  },
})
const seconds = Number(values.seconds ?? 10)
const crowd = Number(values.crowd ?? 10_000)
const mailbox = Number(values.mailbox ?? 100_000)
const authors = 20

/** Of chat, alone and beside mail in turns: a machine that slows down slows both. */
const rounds = 3

interface Chat {
  readonly alone: MessagesResult[]
  readonly beside: MessagesResult[]
  mails: number
}

const place = (target: Target): Place => ({ port: target.port, pid: target.server.pid })

/** To people who are in no conversation with their author, each author to others. */
async function measureMany(recipients: number): Promise<MailFigures> {
  await using target = await startRecado([])
  const people = await target.createTickets(authors * (recipients + 1))
  const letters = Array.from({ length: authors }, (_, index): Letter => {
    const [author, ...others] = people.slice(index * (recipients + 1), (index + 1) * (recipients + 1))
    if (author === undefined) throw new Error('there is nobody')
    return { author, recipients, to: others.map(({ accountId }) => ({ accountId })) }
  })
  await sendMails(place(target), { letters, inFlight: 4, durationMs: 1_000, next: 'acknowledged' })
  return await sendMails(place(target), { letters, inFlight: 4, durationMs: seconds * 1_000, next: 'acknowledged' })
}

async function createCrowd(target: Target): Promise<Letter> {
  const [room] = await target.createRooms({ rooms: 1, members: crowd + 1, senders: 1 })
  const author = room?.members[0]
  if (room === undefined || author === undefined) throw new Error('there is nobody')
  return { author, recipients: crowd, to: [{ conversationId: room.conversation }] }
}

async function measureCrowd(): Promise<MailFigures> {
  await using target = await startRecado([])
  const letter = await createCrowd(target)
  await sendMails(place(target), { letters: [letter], inFlight: 1, durationMs: 0, next: 'arrived' })
  return await sendMails(place(target), {
    letters: [letter],
    inFlight: 1,
    durationMs: seconds * 1_000,
    next: 'arrived',
  })
}

/** Scenario B of the server's benchmark, alone and while a mail to the crowd is always under way, in turns. */
async function measureChat(): Promise<Chat> {
  await using target = await startRecado([])
  const letter = await createCrowd(target)
  const durationMs = seconds * 1_000
  const warmUpMs = 2_000
  // In conversations of its own each time: the driver numbers its messages from the beginning.
  const chat = async (): Promise<MessagesResult> => {
    const rooms = await target.createRooms({ rooms: 100, members: 2, senders: 1 })
    await using driver = new Driver()
    const job = {
      kind: 'messages' as const,
      port: target.port,
      dialect: target.dialect,
      processes: [target.server.pid],
      rooms,
      pace: { kind: 'rate' as const, perSecond: 300 },
      warmUpMs,
      durationMs,
      drainMs: 20_000,
    }
    const { result, failures } = await driver.run(job, AbortSignal.timeout(durationMs + 180_000))
    if (failures.length > 0) throw new Error(failures.join('\n'))
    if (result.kind !== 'messages') throw new Error('the driver did something else')
    return result
  }
  const sending = { letters: [letter], inFlight: 1, durationMs: durationMs + warmUpMs, next: 'arrived' as const }
  const measured: Chat = { alone: [], beside: [], mails: 0 }
  for (let round = 0; round < rounds; round++) {
    measured.alone.push(await chat())
    const [beside, { mails }] = await Promise.all([chat(), sendMails(place(target), sending)])
    measured.beside.push(beside)
    measured.mails += mails
  }
  return measured
}

function row(name: string, figures: MailFigures): string {
  const { mails, mailsPerSecond, deliveriesPerSecond, cpuSecondsPerMail, acknowledgedMs } = figures
  const cells = [
    name,
    mails.toLocaleString('en'),
    mailsPerSecond.toFixed(mailsPerSecond < 10 ? 2 : 0),
    deliveriesPerSecond.toFixed(0),
    (cpuSecondsPerMail * 1_000).toFixed(2),
    acknowledgedMs.p50.toFixed(1),
    acknowledgedMs.p99.toFixed(1),
  ]
  return `| ${cells.join(' | ')} |`
}

function chatRow(name: string, { alone, beside }: Chat, of: (result: MessagesResult) => number): string {
  const [one, other] = [alone, beside].map(results => results.map(of))
  const [usual, slowed] = [median(one ?? []), median(other ?? [])]
  const runs = [one, other].map(values => (values ?? []).map(value => value.toFixed(2)).join(', '))
  return `| ${name} | ${usual.toFixed(2)} | ${slowed.toFixed(2)} | ${(slowed / usual).toFixed(2)} | ${runs.join(' – ')} |`
}

function mailboxRow({ what, requests, p50, p95 }: MailboxFigure): string {
  return `| ${what} | ${requests.toLocaleString('en')} | ${p50.toFixed(1)} | ${p95.toFixed(1)} |`
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

const one = await measureMany(1)
console.log(row('1', one))
const ten = await measureMany(10)
console.log(row('10', ten))
const many = await measureCrowd()
console.log(row(String(crowd), many))
const chat = await measureChat()
const mailboxFigures = await measureMailbox(mailbox)

const count = crowd.toLocaleString('en')
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`
const report = `Measured ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC on ${machine}, Linux ${release()}, Node ${process.versions.node}, with
\`npm run bench:mail\`: one run of ${seconds} s each, driver, server and database on the same processors. Rates and CPU count from the
first send until the last recipient has the mail; every mail was found at each of its recipients. Recipients are offline.

| Recipients | Mails | Mails/s | Deliveries/s | CPU ms per mail | Acknowledged p50, ms | p99, ms |
|---|--:|--:|--:|--:|--:|--:|
${row('1', one)}
${row('10', ten)}
${row(count, many)}

Chat (100 pairs, 300 messages/s in all), alone and while a mail to ${count} was always on its way: its author sent the next as soon as
the last had arrived (${chat.mails} in all). In turns on one server, medians of ${rounds}:

| Chat | Alone | Beside mail | Ratio | Runs: alone – beside |
|---|--:|--:|--:|---|
${chatRow('send → acknowledged p50, ms', chat, result => result.ackMs.p50)}
${chatRow('send → acknowledged p99, ms', chat, result => result.ackMs.p99)}
${chatRow('send → delivered p50, ms', chat, result => result.deliveryMs.p50)}
${chatRow('send → delivered p99, ms', chat, result => result.deliveryMs.p99)}

A mailbox of ${mailbox.toLocaleString('en')} mails, one request after another over HTTP:

| Request | Requests | p50, ms | p95, ms |
|---|--:|--:|--:|
${mailboxFigures.map(mailboxRow).join('\n')}

The load average was ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors when it ended.
`
console.log(`\n${report}`)
await writeSection(values.output ?? resultsFile, 'mail', report)
