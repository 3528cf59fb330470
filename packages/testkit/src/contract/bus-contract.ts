/** What every bus between nodes must do. Each adapter runs it; losing everything must be harmless, breaking these not. */
import type { Bus, BusSubject } from '@recado/server/bus/bus.ts'
import { describe, expect, onTestFinished, test } from 'vitest'

export interface BusUnderTest {
  /** Two nodes' ends of one bus; for a bus within one process they may be the same. */
  open(): Promise<readonly [Bus, Bus]>
}

export function describeBus(name: string, { open }: BusUnderTest): void {
  const openEnds = async () => {
    const ends = await open()
    onTestFinished(async () => {
      for (const end of new Set(ends)) await end[Symbol.asyncDispose]()
    })
    return ends
  }
  describe(`the bus, ${name}`, () => {
    testDelivery(openEnds)
    testIsolation(openEnds)
    testEnds(openEnds)
  })
}

type OpenEnds = BusUnderTest['open']

/** Subscribes and gathers; `until` resolves once the last payload heard is this one. */
async function listen(bus: Bus, subject: BusSubject) {
  const heard: unknown[] = []
  const wanted = new Map<string, () => void>()
  const end = await bus.subscribe(subject, payload => {
    heard.push(payload)
    wanted.get(JSON.stringify(payload))?.()
  })
  const until = (payload: unknown) =>
    new Promise<void>(resolve => {
      const key = JSON.stringify(payload)
      if (JSON.stringify(heard.at(-1)) === key) resolve()
      else wanted.set(key, resolve)
    })
  return { heard, end, until }
}

function testDelivery(openEnds: OpenEnds): void {
  test('L4: what is published after a subscription resolved arrives once, in order, as it was', async () => {
    const [here, there] = await openEnds()
    const listener = await listen(there, 'log')
    const payloads = Array.from({ length: 100 }, (_, number) => ({ number, text: 'ä\u{1f642}', list: [1, null, {}] }))
    for (const payload of payloads) here.publish('log', payload)
    await listener.until(payloads.at(-1))
    expect(listener.heard).toEqual(payloads)
  })

  test('a publisher that subscribes hears itself, never inside the call that published', async () => {
    const [here] = await openEnds()
    const listener = await listen(here, 'typing')
    here.publish('typing', 'one')
    expect(listener.heard).toEqual([])
    await listener.until('one')
    expect(listener.heard).toEqual(['one'])
  })

  test('every subscription hears everything, two of one node too', async () => {
    const [here, there] = await openEnds()
    const listeners = [await listen(here, 'log'), await listen(there, 'log'), await listen(there, 'log')]
    here.publish('log', 1)
    there.publish('log', 2)
    await Promise.all(listeners.map(listener => Promise.all([listener.until(1), listener.until(2)])))
    for (const { heard } of listeners) expect([...heard].sort()).toEqual([1, 2])
  })
}

function testIsolation(openEnds: OpenEnds): void {
  test('subjects are apart', async () => {
    const [here, there] = await openEnds()
    const [log, presence] = [await listen(there, 'log'), await listen(there, 'presence')]
    here.publish('presence', 'p')
    here.publish('log', 'l')
    await Promise.all([log.until('l'), presence.until('p')])
    expect([log.heard, presence.heard]).toEqual([['l'], ['p']])
  })

  test('a handler that throws harms neither the publisher nor another handler nor its own next payload', async () => {
    const [here, there] = await openEnds()
    let calls = 0
    await there.subscribe('log', () => {
      calls += 1
      throw new Error('broken handler')
    })
    const listener = await listen(there, 'log')
    here.publish('log', 1)
    here.publish('log', 2)
    await listener.until(2)
    expect(listener.heard).toEqual([1, 2])
    expect(calls).toBe(2)
  })
}

function testEnds(openEnds: OpenEnds): void {
  test('a subscription that was ended hears nothing more, the others go on', async () => {
    const [here, there] = await openEnds()
    const [one, other] = [await listen(there, 'log'), await listen(there, 'log')]
    here.publish('log', 1)
    await Promise.all([one.until(1), other.until(1)])
    one.end()
    one.end()
    here.publish('log', 2)
    await other.until(2)
    expect([one.heard, other.heard]).toEqual([[1], [1, 2]])
  })

  test('publishing without anybody who listens, and after the end, is harmless', async () => {
    const [here] = await openEnds()
    here.publish('presence', 1)
    await here[Symbol.asyncDispose]()
    here.publish('presence', 2)
  })
}
