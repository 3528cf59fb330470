import { beforeAll, expect, test } from 'vitest'
import { mailOf, mailTo, openList, subjects } from '../testing/mail-world.ts'
import { World } from '../testing/world.ts'

// Loading takes real time, of which a virtual clock knows nothing.
beforeAll(() => import('./mail-search.ts'))

async function start() {
  const world = new World()
  const from = await mailOf(world, await world.signIn(world.device(1)))
  const to = await mailOf(world, await world.signIn(world.device(2)))
  const list = await openList(world, to)
  const find = async (query: string) => {
    const { hits, ...rest } = await world.wait(to.search(query))
    return { ...rest, hits, found: hits.map(hit => hit.header.subject) }
  }
  return { world, from, to, list, find }
}

test('C11: without a network mails are found by subject and body, newest first, with operators', async () => {
  const { world, from, to, list, find } = await start()
  await world.wait(from.send(mailTo([2], 'Façade of quay four', { body: { text: 'The scaffold goes up.' } })))
  await world.wait(
    from.send(mailTo([2], 'Lunch', { body: { text: `${'x '.repeat(300)} and a FACADE, see https://example.org` } })),
  )
  await world.wait(from.send(mailTo([2], 'Old papers', { body: { text: 'facade of the past' } })))
  await world.clock.until(() => subjects(list).length === 3)
  await world.clock.advance(10_000)
  const old = list.getSnapshot().items.find(item => item.subject === 'Old papers')
  if (!old) throw new Error('it did not come')
  await world.wait(to.update([old.id], { folder: 'trash' }))
  await world.clock.advance(5_000)
  world.server.network = 'down'
  await world.cut()
  const { hits, found } = await find('facade')
  expect(found).toEqual(['Lunch', 'Façade of quay four'])
  expect(hits.map(hit => hit.subjectRanges.map(([a, b]) => hit.header.subject.slice(a, b)))).toEqual([[], ['Façade']])
  expect(hits.map(hit => hit.ranges.map(([a, b]) => hit.text.slice(a, b)))).toEqual([['FACADE'], []])
  expect((await find('facade quay scaffold')).found).toEqual(['Façade of quay four'])
  expect((await find('facade in:trash')).found).toEqual(['Old papers'])
  expect((await find('facade in:chat')).found).toEqual([])
  expect((await find('facade has:link')).found).toEqual(['Lunch'])
  expect((await find('is:unread')).found).toEqual(['Lunch', 'Façade of quay four'])
  expect((await find('facade from:me')).found).toEqual([])
  expect((await find('facade to:me')).found).toEqual(['Lunch', 'Façade of quay four'])
  expect((await find('"quay four"')).found).toEqual(['Façade of quay four'])
  expect((await find('"four quay"')).found).toEqual([])
  expect(await find('facade before:soon')).toMatchObject({ found: [], unknown: ['before:soon'] })
  expect((await find('   ')).found).toEqual([])
})
