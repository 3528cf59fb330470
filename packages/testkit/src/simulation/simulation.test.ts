import { expect, test } from 'vitest'
import { runSeed } from './run.ts'

const seeds = 500

/** Seeds that once failed, by what was wrong then; each time the simulation learns more, the earlier ones do other things. */
const named: ReadonlyMap<string, string> = new Map([
  ['6', 'a draft was stored in a sign-in that another tab had settled, and kept by neither'],
  ['15', 'what was typed into a draft whose sign-in had just ended went nowhere'],
  ['67', 'a draft was sent while another device saved a word to it, which was in no mail and in no draft'],
  ['114', 'a draft was handed over to a sign-in that was just being ended, and went with it'],
  ['260', 'a draft that was sent stayed one, for the sender had not heard that it was saved'],
  ['41104', 'a group that one came back to while the list of conversations was being read was missing'],
  ['40701', 'a word was written into a draft of a mail part that had loaded while its sign-in ended'],
  ['45', 'a tab that was behind brought back a line of the bell that another had cleared'],
  ['62', 'members that were asked for while the connection was lost never came'],
  ['164', 'a browser took the cache away in the moment in which its sign-in was ended'],
  ['374', 'an older reading of the outbox ended after a newer one'],
  ['293', 'who read a mention while its line was being written kept the line: the model locked no positions'],
  ['478', 'mails that came before mail was loaded were not in the count of unread ones'],
  ['3', 'the bell of who was named before its consumer had a cursor never rang'],
  ['5', 'an acknowledged message of a conversation that was left stayed in the outbox'],
  ['9', 'what is unread in conversations one has left was counted'],
  ['42', 'a catching-up job begun between two connections held its place for ever'],
  ['46', 'leaving called a message refused that the server had written'],
  ['69', 'a live line of the bell moved its version past lines that were left out'],
  ['108', 'who joined had no position for those who knew the group before'],
  ['157', 'a line of the bell that was cleared while it was first asked for stayed'],
  ['590', 'a node forgot what it had yet to read when a read that had begun before ended'],
  ['1475', 'a message was taken back and sent'],
  ['1630', 'an old answer brought a conversation back that one had left elsewhere'],
  ['2217', 'the model cleared the bell of who was removed without waiting for a line that was being written'],
  ['3102', 'a message was taken back, and sent by a tab that had not heard of it when the browser took the cache away'],
  ['20850', 'positions stood still in an opened group that grew so large that they go only to who looks'],
  ['21121', 'a text that could no longer be taken back was lost when its sign-in ended at that moment'],
  ['21957', 'what was thrown away on signing out was taken over by a sign-in that came meanwhile'],
  ['22228', 'a message that came while another tab read the outbox stayed in it, for its own tab died'],
  ['22402', 'a tab died between storing a text and telling the one that sends'],
  ['3181', 'a tab that was behind brought back a conversation that another knew was left'],
  ['3457', 'the same, in a group so large that positions go only to who looks'],
])

test('the same seed runs the same way', async () => {
  const [one, other] = [await runSeed('again'), await runSeed('again')]
  expect(other).toEqual(one)
})

test(`L1–L12: ${seeds} seeds of engines, nodes, cuts and crashes converge`, { timeout: 600_000 }, async () => {
  const startedAt = performance.now()
  const failed: string[] = []
  const all = new Set([...named.keys(), ...Array.from({ length: seeds }, (_, index) => String(index + 1))])
  for (const seed of all) {
    const { failures } = await runSeed(seed)
    if (failures.length === 0) continue
    const once = named.has(seed) ? `, which once failed: ${named.get(seed)}` : ''
    failed.push(`npm run simulate -- --seed ${seed}${once}\n  ${failures.slice(0, 5).join('\n  ')}`)
  }
  const seconds = (performance.now() - startedAt) / 1000
  console.log(`simulation: ${all.size} seeds, ${(all.size / seconds).toFixed(1)} seeds/s`)
  expect(failed.join('\n')).toBe('')
})
