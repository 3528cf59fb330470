import { limits } from '@recado/protocol'
import { expect, test } from 'vitest'
import { Connection, type Wire } from './connection.ts'
import { Frame } from './frame.ts'

/** A wire that takes what the test lets it take. */
function createWire() {
  const sent: string[] = []
  const closed: string[] = []
  const state = { unsentBytes: 0, takenBytes: 0, takes: 'nothing' as 'nothing' | 'all' }
  const wire: Wire = {
    get unsentBytes() {
      return state.unsentBytes
    },
    get takenBytes() {
      return state.takenBytes
    },
    send: frames => {
      for (const frame of frames) {
        sent.push(frame.type)
        if (state.takes === 'nothing') state.unsentBytes += frame.text.length
      }
    },
    close: reason => closed.push(reason),
  }
  return { wire, state, sent, closed }
}

function createConnection(wire: Wire, defer: (run: () => void) => void = run => run()): Connection {
  const head = { sequence: 9, micros: 9, ordinal: 9, registers: 0 }
  return new Connection(1, wire, {
    clock: { now: () => 0, setTimer: () => () => undefined, defer: run => run() },
    headOf: stream => ({ stream, ...head }),
    mark: () => 'mark',
    flushSoon: connection => defer(() => connection.flush()),
  })
}

const large = Frame.register(7, { type: 'positions', conversationId: 7 as never, version: 1, items: [] })

test('L10: beyond its bound a connection keeps only which streams moved, and tells their heads once it has drained', () => {
  const { wire, state, sent } = createWire()
  const connection = createConnection(wire)
  connection.push(large)
  state.unsentBytes = limits.unsentBytes + 1
  for (let times = 0; times < 100; times++) connection.push(large)
  expect(sent).toEqual(['positions'])
  expect(connection.isBehind).toBe(true)
  state.unsentBytes = 0
  connection.drained()
  expect(sent).toEqual(['positions', 'behind', 'caught-up'])
  connection.push(large)
  expect(sent.at(-1)).toBe('positions')
})

test('L10: a burst beyond the bound that the network takes at once leaves nobody behind for good', () => {
  const { wire, state, sent } = createWire()
  state.takes = 'all'
  const deferred: (() => void)[] = []
  const connection = createConnection(wire, run => deferred.push(run))
  while (!connection.isBehind) connection.push(large)
  while (deferred.length > 0) deferred.shift()?.()
  expect(connection.isBehind).toBe(false)
  expect(sent.slice(-2)).toEqual(['behind', 'caught-up'])
})

test('L10: who takes nothing for 30 s has stalled; who takes a little has not', () => {
  const { wire, state } = createWire()
  const connection = createConnection(wire)
  expect(connection.hasStalled(0)).toBe(false)
  state.unsentBytes = 100
  expect(connection.hasStalled(limits.stalledMs - 1)).toBe(false)
  state.takenBytes = 1
  expect(connection.hasStalled(limits.stalledMs)).toBe(false)
  expect(connection.hasStalled(2 * limits.stalledMs)).toBe(false)
  expect(connection.hasStalled(2 * limits.stalledMs + 1)).toBe(true)
})

test('L10: an idle connection never stalls', () => {
  const { wire } = createWire()
  const connection = createConnection(wire)
  expect(connection.hasStalled(0)).toBe(false)
  expect(connection.hasStalled(100 * limits.stalledMs)).toBe(false)
})

test('A3: nothing is sent once a connection is being closed', () => {
  const { wire, sent, closed } = createWire()
  const connection = createConnection(wire)
  connection.close('sessionEnded')
  connection.push(large)
  connection.reply(Frame.reply({ type: 'reply', id: 1, result: {} }))
  connection.close('stalled')
  expect(sent).toEqual([])
  expect(closed).toEqual(['sessionEnded'])
})
