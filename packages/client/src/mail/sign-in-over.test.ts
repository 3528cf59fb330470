/** S2: a mail that is written as its sign-in ends is either kept, or given back by a problem. */
import { expect, test } from 'vitest'
import { mailOf, mailTo } from '../testing/mail-world.ts'
import { World } from '../testing/world.ts'

test('a mail that is written while another tab ends the sign-in is given back by a problem', async () => {
  const world = new World()
  const device = world.device(1)
  const deaf = { post: () => undefined, listen: () => () => undefined }
  const client = await world.signIn(device, { ports: { tabs: deaf } })
  const other = world.start(device, { ports: { tabs: deaf } })
  await other.resumeSession()
  const mail = await mailOf(world, other)
  world.server.network = 'down'
  await world.cut()
  const out = client.signOut({ unsent: 'discard' })
  const outcomes: Promise<unknown>[] = []
  for (let at = 0; at < 400; at++) {
    await Promise.resolve()
    outcomes.push(mail.send(mailTo([2], `mail ${at}`)).catch((error: unknown) => error))
  }
  await world.wait(out)
  await world.clock.advance(1_000)
  const refused = (await Promise.all(outcomes)).filter(outcome => typeof outcome !== 'string')
  expect(refused.length).toBeGreaterThan(0)
  for (const error of refused) expect(error).toMatchObject({ name: 'ProblemError', code: 'session-ended' })
})
