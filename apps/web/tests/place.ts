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
  /** Makes it as it was at the beginning, if it is not. */
  restore(): Promise<void>
  stop(): Promise<void>
  start(options?: PlaceOptions): Promise<void>
}

const asAtFirst: PlaceOptions = {}

async function openPlace(): Promise<Place> {
  await using owned = new AsyncDisposableStack()
  const database = owned.use(await createTestDatabase())
  let server: TestServer | null = await startServer({ database })
  owned.defer(() => server?.[Symbol.asyncDispose]())
  const { url } = server
  const held = owned.move()
  /** What the server runs with; null while it is stopped. */
  let options: PlaceOptions | null = asAtFirst
  const place: Place = {
    url,
    async restore() {
      if (options === asAtFirst) return
      await place.stop()
      await place.start()
    },
    async stop() {
      options = null
      await server?.[Symbol.asyncDispose]()
      server = null
    },
    async start(given = asAtFirst) {
      const { webDist, env } = given
      const build = webDist === undefined ? {} : { webDist }
      server = await startServer({ database, env: { ...env, RECADO_PORT: new URL(url).port }, ...build })
      options = given
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
  return place
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
    await held.restore()
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
