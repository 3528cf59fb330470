/**
 * What every store behind the port must do, tested at the port: run against PostgreSQL and against the model, so that
 * what the simulation finds out on the model holds for the real one.
 */
import type { Store } from '@recado/server/store/store.ts'
import { afterAll, beforeAll, describe } from 'vitest'
import { testAppending } from './store-appending.ts'
import { StoreBench } from './store-bench.ts'
import { testDrafts } from './store-drafts.ts'
import { testJournal } from './store-journal.ts'
import { testMail } from './store-mail.ts'
import { testMailFiles } from './store-mail-files.ts'
import { testMedia } from './store-media.ts'
import { testPlainLists } from './store-plain-lists.ts'
import { testReading } from './store-reading.ts'
import { testRegisters } from './store-registers.ts'
import { testSearch } from './store-search.ts'
import { testSettings } from './store-settings.ts'
import { testTransactions } from './store-transactions.ts'

export interface StoreUnderTest {
  /** A store with nothing in it, which the suite disposes of. */
  open(): Promise<Store>
  close(): Promise<void>
}

export type GetBench = () => StoreBench

export function describeStore(name: string, { open, close }: StoreUnderTest): void {
  describe(`the store, ${name}`, () => {
    let store: Store | null = null
    let bench: StoreBench | null = null
    const getBench: GetBench = () => {
      if (bench === null) throw new Error('the store is not open')
      return bench
    }
    beforeAll(async () => {
      store = await open()
      bench = await StoreBench.open(store)
    })
    afterAll(async () => {
      await bench?.[Symbol.asyncDispose]()
      await store?.[Symbol.asyncDispose]()
      await close()
    })
    testAppending(getBench)
    testTransactions(getBench)
    testRegisters(getBench)
    testReading(getBench)
    testSettings(getBench)
    testMail(getBench)
    testDrafts(getBench)
    testPlainLists(getBench)
    testMedia(getBench)
    testMailFiles(getBench)
    testSearch(getBench)
    testJournal(getBench)
  })
}
