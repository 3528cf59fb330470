/** Two devices, one of them in two tabs, write the same drafts at once: no word is lost, and all show the same in the end. */
import type { AccountId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Client } from '../client-api.ts'
import { draftOf, mailOf } from '../testing/mail-world.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { type Device, World } from '../testing/world.ts'
import type { MailClient } from './mail-api.ts'

const seeds = Number(process.env['RECADO_SEEDS'] ?? 40)

interface Seat {
  readonly device: Device
  client: Client
  mail: MailClient
}

function all(mail: MailClient): string[] {
  return mail
    .getSnapshot()
    .drafts.map(({ id }) => `${id} ${mail.draft(id).getSnapshot().content?.html}`)
    .sort()
}

test.each(Array.from({ length: seeds }, (_, index) => index + 1))(
  'M1: no word of a draft is lost (seed %i)',
  async seed => {
    const world = new World(seed)
    const random = createSeededRandom(seed * 13)
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random.next() * items.length)] as Item
    const [one, other] = [world.device(1), world.device(1)]
    const seats: Seat[] = []
    for (const [at, device] of [one, other, other].entries()) {
      const client = at === 2 ? await world.resume(device) : await world.signIn(device)
      seats.push({ device, client, mail: await mailOf(world, client) })
    }
    const words: string[] = []
    for (let step = 0; step < 50; step++) {
      const seat = pick(seats)
      world.server.fault = () => (random.next() < 0.1 ? pick(['before', 'after'] as const) : null)
      world.server.slowMs = () => (random.next() < 0.3 ? Math.floor(random.next() * 400) : 0)
      const chance = random.next()
      if (chance < 0.6) {
        const draft = seat.mail.draft(pick(['a', 'b']))
        const html = draft.getSnapshot().content?.html ?? ''
        const word = `<p>word-${step}.</p>`
        words.push(word)
        draft.save(draftOf(random.next() < 0.5 ? word + html : html + word))
        await world.clock.advance(0)
      } else if (chance < 0.7) await world.cut()
      else if (chance < 0.8) world.server.network = world.server.network === 'up' ? 'down' : 'up'
      else if (chance < 0.88) {
        world.kill(seat.client)
        seat.client = await world.resume(seat.device)
        seat.mail = await mailOf(world, seat.client)
      }
      await world.clock.advance(random.next() * 3_000)
    }
    world.server.network = 'up'
    world.server.fault = () => null
    await world.cut()
    for (const seat of seats) await world.caughtUp(seat.client)
    await world.clock.advance(120_000)
    const [first, ...rest] = seats.map(seat => all(seat.mail))
    for (const shown of rest) expect(shown).toEqual(first)
    const stored = world.server.mail.drafts(1 as AccountId).map(draft => `${draft.id} ${draft.html}`)
    expect(stored.sort()).toEqual(first)
    const text = stored.join()
    expect(words.filter(word => !text.includes(word))).toEqual([])
  },
)
