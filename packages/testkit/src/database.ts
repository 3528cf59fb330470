import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { cloneTemplate, type TestDatabase } from './test-cluster.ts'
import type { BrokerAnswer } from './vitest.global-setup.ts'

export type { TestDatabase } from './test-cluster.ts'

/**
 * A migrated, empty database for one test file:
 *
 *     await using database = await createTestDatabase()
 *
 * Disposing of it fails the test if a connection was left open.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { inject } = await import('vitest')
  const answer: BrokerAnswer = JSON.parse(await text(connect(inject('testDatabaseBroker'))))
  if (answer.template === undefined) throw new Error(`the test database did not start: ${answer.error}`)
  return cloneTemplate(answer.template)
}
