/**
 * The test run's PostgreSQL, started when the first test asks for a database and never for a run that needs none.
 * Test files live in workers, so they ask over a socket that only this account can open.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startTestCluster, type TestCluster } from './test-cluster.ts'

export interface BrokerAnswer {
  readonly template?: TestCluster['template']
  readonly error?: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    testDatabaseBroker: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'recado-broker-'))
  const path = join(folder, 'socket')
  let starting: Promise<TestCluster> | undefined
  const answer = async (): Promise<BrokerAnswer> => {
    try {
      starting ??= startTestCluster()
      return { template: (await starting).template }
    } catch (error) {
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }
  const broker = createServer(async socket => {
    socket.on('error', () => socket.destroy())
    socket.end(JSON.stringify(await answer()))
  })
  await new Promise<void>((resolve, reject) => broker.once('error', reject).listen(path, resolve))
  project.provide('testDatabaseBroker', path)
  return async () => {
    await new Promise(resolve => broker.close(resolve))
    await (await starting?.catch(() => undefined))?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
}
