/** A node that does no work beside what is asked of it, so that what it asks the database can be counted; another does the rest. */
import { startServer, type TestDatabase, type TestServer } from '@recado/testkit'
import { DatabaseProxy } from './database-proxy.ts'

/** What even this one asks by the clock. */
const background = /read_journal|last_seen/

export interface QuietNode {
  readonly node: TestServer
  /** What it asked while this ran. */
  statements(run: () => Promise<unknown>): Promise<readonly string[]>
}

export async function startQuietNode(owned: AsyncDisposableStack, database: TestDatabase): Promise<QuietNode> {
  const wire = owned.use(await DatabaseProxy.listen(database))
  const env = { DATABASE_URL: wire.url, RECADO_ROLES: 'web,gateway' }
  return {
    node: owned.use(await startServer({ database, env })),
    async statements(run) {
      const from = wire.statements.length
      await run()
      return wire.statements.slice(from).filter(statement => !background.test(statement))
    },
  }
}
