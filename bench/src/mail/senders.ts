/** Mails through the API: so many in flight for a while, then until each has arrived. */
import { randomUUID } from 'node:crypto'
import type { Ticket } from '../driver/job.ts'
import { cpuSeconds } from '../processes.ts'
import { call, type Place, quantile } from './call.ts'

const arrivesWithinMs = 120_000
const askEveryMs = 20

export interface Letter {
  readonly author: Ticket
  readonly to: readonly ({ readonly accountId: number } | { readonly conversationId: number })[]
  readonly recipients: number
}

interface Sent {
  readonly author: Ticket
  readonly id: number
  readonly recipients: number
}

export interface MailFigures {
  readonly mails: number
  readonly mailsPerSecond: number
  readonly deliveriesPerSecond: number
  readonly cpuSecondsPerMail: number
  readonly acknowledgedMs: { readonly p50: number; readonly p99: number }
}

export interface SendingPlan {
  readonly letters: readonly Letter[]
  /** Each letter's author sends it again and again, so many at once, for so long; and once at least. */
  readonly inFlight: number
  readonly durationMs: number
  /** When an author sends the next one: once the last is taken, or once each of its recipients has it. */
  readonly next: 'acknowledged' | 'arrived'
}

/** Throws if a mail does not arrive at each of its recipients. */
export async function sendMails(
  place: Place,
  { letters, inFlight, durationMs, next }: SendingPlan,
): Promise<MailFigures> {
  const cpuBefore = cpuSeconds([place.pid])
  const startedAt = performance.now()
  const sent: Sent[] = []
  const waits: number[] = []
  const pour = async ({ author, to, recipients }: Letter) => {
    do {
      const sentAt = performance.now()
      const mail = {
        clientMessageId: randomUUID(),
        to,
        subject: 'Quay 4',
        text: 'The crane is back in service.'.repeat(10),
      }
      const { id } = await call<{ id: number }>(place, author, 'mail.send', mail)
      waits.push(performance.now() - sentAt)
      sent.push({ author, id, recipients })
      if (next === 'arrived') await arrived(place, { author, id, recipients })
    } while (performance.now() - startedAt < durationMs)
  }
  await Promise.all(letters.flatMap(letter => Array.from({ length: inFlight }, () => pour(letter))))
  for (const mail of sent) await arrived(place, mail)
  const seconds = (performance.now() - startedAt) / 1_000
  const deliveries = sent.reduce((sum, { recipients }) => sum + recipients, 0)
  return {
    mails: sent.length,
    mailsPerSecond: sent.length / seconds,
    deliveriesPerSecond: deliveries / seconds,
    cpuSecondsPerMail: (cpuSeconds([place.pid]) - cpuBefore) / sent.length,
    acknowledgedMs: { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) },
  }
}

/** Waits until each of its recipients has it in the mailbox, by the statuses that its author sees. */
async function arrived(place: Place, { author, id, recipients }: Sent): Promise<void> {
  const deadline = performance.now() + arrivesWithinMs
  for (;;) {
    const { statuses } = await call<{ statuses: { queued: number; sent: number } }>(place, author, 'mail.get', {
      mailId: id,
    })
    if (statuses.queued === 0) {
      if (statuses.sent !== recipients) throw new Error(`a mail to ${recipients} arrived at ${statuses.sent}`)
      return
    }
    if (performance.now() > deadline) throw new Error(`a mail to ${recipients} does not arrive`)
    await new Promise(resolve => setTimeout(resolve, askEveryMs))
  }
}
