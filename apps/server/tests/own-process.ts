/** A server in a process of its own over a database that a test chose: it can be stopped in order, or killed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'

export interface OwnProcess {
  readonly url: string
  /** Sends SIGTERM; the exit code. */
  stop(): Promise<number | null>
  /** Sends SIGKILL, at once. */
  kill(): Promise<void>
}

/** Started, and ready to serve. */
export async function startProcess(databaseUrl: string): Promise<OwnProcess> {
  const port = await freePort()
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      RECADO_PORT: String(port),
      RECADO_HOST: '127.0.0.1',
      RECADO_DATA_DIR: tmpdir(),
      RECADO_RATE_LIMITS: 'off',
      RECADO_LOG_LEVEL: 'silent',
      DATABASE_URL: databaseUrl,
    },
    stdio: 'ignore',
  })
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ status }) => status,
      () => 0,
    )
  await expect.poll(isReady, { timeout: 60_000, interval: 50 }).toBe(200)
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exited
      return code
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
