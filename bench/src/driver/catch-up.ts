/**
 * Scenario E: somebody was away while 10,000 messages came. The time runs from opening the connection until the last of
 * them is parsed, pages asked one after another; each must come once and in order.
 */
import { type Client, parseLoadBody } from './client.ts'
import { becomes, type Door, openClient } from './connect.ts'
import type { Position } from './dialect.ts'
import type { CatchUpJob, Outcome } from './job.ts'

const inFlight = 64
const sendWithinMs = 60_000
const sender = 0

export async function runCatchUp(job: CatchUpJob, door: Door): Promise<Outcome> {
  const failures: string[] = []
  const author = openClient(door, job.sender)
  await author.opened
  await door.dialect.signIn(author, job.sender, job.conversation)
  let position = await startingPosition(job, door)
  const seconds: number[] = []
  for (let round = 0; round < job.rounds; round++) {
    const first = round * job.missed
    await sendRange(author, { door, job, first, failures })
    let next = first
    const begin = performance.now()
    const client = openClient(door, job.receiver)
    await client.opened
    position = await door.dialect.catchUp(client, job.receiver, { conversation: job.conversation, position }, body => {
      const number = parseLoadBody(body)?.number
      if (number !== next) failures.push(`caught up ${number} where ${next} was next`)
      next++
    })
    seconds.push((performance.now() - begin) / 1_000)
    if (next !== first + job.missed) failures.push(`caught up ${next - first} of ${job.missed}`)
    client.destroy()
  }
  author.destroy()
  return {
    result: { kind: 'catch-up', seconds: seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? Number.NaN },
    acknowledged: [{ conversation: job.conversation, sender, count: job.rounds * job.missed }],
    failures: failures.slice(0, 20),
  }
}

async function startingPosition(job: CatchUpJob, door: Door): Promise<Position> {
  const client = openClient(door, job.receiver)
  await client.opened
  const position = await door.dialect.position(client, job.receiver, job.conversation)
  client.destroy()
  return position
}

/** Sends one round's messages while the receiver is away. */
async function sendRange(
  author: Client,
  parts: { door: Door; job: CatchUpJob; first: number; failures: string[] },
): Promise<void> {
  const { door, job, first, failures } = parts
  const end = first + job.missed
  let sent = first
  let acknowledged = first
  const fill = () => {
    let frames = ''
    for (; sent < end && sent - acknowledged < inFlight; sent++)
      frames += door.dialect.send(job.conversation, sender, sent)
    if (frames !== '') author.write(frames)
  }
  author.handle({
    acknowledged: () => void acknowledged++,
    message: () => {},
    received: fill,
    failed: what => failures.push(what),
  })
  fill()
  if (!(await becomes(() => acknowledged === end || failures.length > 0, sendWithinMs))) failures.push('sends stalled')
}
