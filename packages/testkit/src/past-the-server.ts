import { connectDedicated } from '@recado/server/store/pool.ts'
import type { Client } from 'pg'
import { silentLogger, type TestDatabase } from './test-cluster.ts'

/** Runs `work` on a connection of its own, for what would take the server hours to be told: thousands of members. */
export async function pastTheServer<Result>(
  { database }: { readonly database: Pick<TestDatabase, 'address'> },
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const { address } = database
  const client = await connectDedicated({ address, applicationName: 'past the server', logger: silentLogger })
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
