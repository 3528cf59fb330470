import { startServer } from '@recado/testkit'
import { expect, test } from 'vitest'

test('a server starts, says that it is ready, and stops', async () => {
  await using server = await startServer()
  const response = await fetch(`${server.url}/readyz`)
  expect(response.status).toBe(200)
})
