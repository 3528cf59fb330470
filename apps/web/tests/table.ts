import { startServer } from '@recado/testkit'
import { type Line, startLine } from './line.ts'
import { launchBrowser, Seat, type SeatOptions } from './seat.ts'

/** A server, a browser, and people at it, each on a line of their own. */
export interface Table extends AsyncDisposable {
  readonly url: string
  seat(options?: Omit<SeatOptions, 'url'>): Promise<Seat>
  /** A seat whose line can be cut. */
  seatOnLine(options?: Omit<SeatOptions, 'url'>): Promise<{ readonly seat: Seat; readonly line: Line }>
}

export async function setTable(): Promise<Table> {
  await using owned = new AsyncDisposableStack()
  const server = owned.use(await startServer())
  const browser = await launchBrowser()
  owned.defer(() => browser.close())
  const lines = owned.use(new AsyncDisposableStack())
  const held = owned.move()
  return {
    url: server.url,
    seat: options => Seat.take(browser, { url: server.url, ...options }),
    async seatOnLine(options) {
      const line = lines.use(await startLine(server.url))
      return { seat: await Seat.take(browser, { url: line.url, ...options }), line }
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}
