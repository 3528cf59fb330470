/** A server that can go away and come back: the same address, the same data, maybe another build of the app. */
import { createTestDatabase, startServer, type TestServer } from '@recado/testkit'

export interface PlaceOptions {
  /** The folder of another build of the app. */
  readonly webDist?: string
  /** More environment, as an operator would set it. */
  readonly env?: Readonly<Record<string, string>>
}

export interface Place extends AsyncDisposable {
  readonly url: string
  stop(): Promise<void>
  start(options?: PlaceOptions): Promise<void>
}

export async function openPlace(): Promise<Place> {
  await using owned = new AsyncDisposableStack()
  const database = owned.use(await createTestDatabase())
  let server: TestServer | null = await startServer({ database })
  owned.defer(() => server?.[Symbol.asyncDispose]())
  const { url } = server
  const held = owned.move()
  return {
    url,
    async stop() {
      await server?.[Symbol.asyncDispose]()
      server = null
    },
    async start({ webDist, env } = {}) {
      const build = webDist === undefined ? {} : { webDist }
      server = await startServer({ database, env: { ...env, RECADO_PORT: new URL(url).port }, ...build })
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}
