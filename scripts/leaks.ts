/**
 * Runs around every test file: one that leaves a socket, server, child process or timer behind fails.
 *
 * Closing is asynchronous, so what is still open gets a moment to go before it counts.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect } from 'vitest'

const leaks = new Set(['TCPSocketWrap', 'TCPServerWrap', 'UDPWrap', 'PipeServerWrap', 'ProcessWrap', 'Timeout'])
const patienceMs = 5000

const atStart = listOpen()

afterAll(async () => {
  const deadline = performance.now() + patienceMs
  while (listLeaks().length > 0 && performance.now() < deadline) await delay(10, undefined, { ref: false })
  expect(listLeaks(), 'left open by this test file').toEqual([])
})

function listOpen(): string[] {
  return process.getActiveResourcesInfo().filter(resource => leaks.has(resource))
}

function listLeaks(): string[] {
  const known = [...atStart]
  return listOpen().filter(resource => {
    const index = known.indexOf(resource)
    if (index >= 0) known.splice(index, 1)
    return index < 0
  })
}
