/** The table of a test file and those who sit at it: whoever sat down leaves after each test, without a complaint. */
import { type Client, createNodeClient } from '@recado/client'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { password, type Seat, type SeatOptions } from './seat.ts'
import { setTable, type Table } from './table.ts'

type Options = Omit<SeatOptions, 'url'>

/** To be called once, at the top of a file: it sets the table before its tests and clears it after them. */
export function receiveGuests() {
  let table: Table
  let seats: Seat[] = []
  let others: Client[] = []
  beforeAll(async () => {
    table = await setTable()
  }, 120_000)
  afterAll(() => table?.[Symbol.asyncDispose]())
  afterEach(async () => {
    const left = seats
    seats = []
    await Promise.all(left.map(seat => seat.context.close()))
    await Promise.all(others.map(other => other[Symbol.asyncDispose]()))
    others = []
    for (const seat of left) seat.expectNoComplaints()
  })

  const seat = async (options?: Options) => {
    const taken = await table.seat(options)
    seats.push(taken)
    return taken
  }
  const sit = async (username: string, displayName: string, options?: Options) => {
    const taken = await seat(options)
    await taken.signUp(username, displayName)
    return taken
  }
  const meet = async (username: string, displayName: string) => {
    const other = createNodeClient({ url: table.url })
    others.push(other)
    await other.signUp({ username, password, displayName })
    return other
  }
  return {
    /** A browser of one's own, where nobody has signed in yet. */
    seat,
    /** The same on a line that can be cut. */
    async seatOnLine(options?: Options) {
      const taken = await table.seatOnLine(options)
      seats.push(taken.seat)
      return taken
    },
    /** Somebody who has just signed up. */
    sit,
    /**
     * Somebody who is there, online and gets what is sent, but at no browser: a program, which starts a hundred times
     * faster. For those whose screen nobody looks at.
     */
    meet,
    /** Somebody with a chat to write in. */
    async sitAndWrite(mark: string, options?: Options) {
      const [writer] = await Promise.all([sit(`ana-${mark}`, `Ana ${mark}`, options), meet(`bo-${mark}`, `Bo ${mark}`)])
      await writer.writeTo(`bo-${mark}`)
      return writer
    },
  }
}
