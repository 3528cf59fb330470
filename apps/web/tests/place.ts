/** A server that can go away and come back: the same address, the same data, maybe another build of the app. */
import { createTestDatabase, startServer, type TestServer } from '@recado/testkit'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { launchBrowser, Seat, type SeatOptions } from './seat.ts'

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

async function openPlace(): Promise<Place> {
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

/**
 * To be called once, at the top of a file: the place is open before each test, whatever the one before did to it, and whoever
 * sat down leaves after each test, without a complaint.
 */
export function keepPlace() {
  let held: Place
  let browser: Awaited<ReturnType<typeof launchBrowser>>
  let seats: Seat[] = []
  beforeAll(async () => {
    held = await openPlace()
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await held?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    await held.stop()
    await held.start()
  })
  afterEach(async () => {
    const left = seats
    seats = []
    await Promise.all(left.map(seat => seat.context.close()))
    for (const seat of left) seat.expectNoComplaints()
  })
  const place: Pick<Place, 'url' | 'stop' | 'start'> = {
    get url() {
      return held.url
    },
    stop: () => held.stop(),
    start: options => held.start(options),
  }
  return {
    place,
    /** A browser of one's own, where nobody has signed in yet. */
    async seat(options?: Omit<SeatOptions, 'url'>): Promise<Seat> {
      const taken = await Seat.take(browser, { url: held.url, ...options })
      seats.push(taken)
      return taken
    },
  }
}
