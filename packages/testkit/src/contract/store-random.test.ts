import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { ModelDatabase } from '../model/database.ts'
import { createModelStore } from '../model/store.ts'
import { openSqlStore } from './sql-store.ts'
import { StoreBench } from './store-bench.ts'
import { anyStep, readAll, setStage, take } from './store-steps.ts'

const opened = new AsyncDisposableStack()
afterAll(() => opened.disposeAsync())

let ticks = 0
const database = new ModelDatabase({ micros: () => ++ticks })
const sql = opened.use(await openSqlStore())
const stores = [createModelStore(database), sql.store].map(store => opened.use(store))
const benches = await Promise.all(stores.map(async store => opened.use(await StoreBench.open(store))))
let runs = 0

test('the model and PostgreSQL answer alike, whatever is asked', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 40 }), async steps => {
      const run = `run ${++runs}`
      const stages = await Promise.all(benches.map(bench => setStage(bench, run)))
      const [model, real] = stages
      if (model === undefined || real === undefined) throw new Error('there are two stores')
      for (const step of steps) expect(comparable(await take(real, step))).toEqual(comparable(await take(model, step)))
      expect(comparable(await readAll(real))).toEqual(comparable(await readAll(model)))
    }),
    { numRuns: Number(process.env['RECADO_TEST_RUNS'] ?? 60), ...seedOf(process.env['RECADO_TEST_SEED']) },
  )
})

function seedOf(seed: string | undefined): { seed?: number } {
  return seed === undefined ? {} : { seed: Number(seed) }
}

/** Values that the two draw each for itself: when something happened, and a commit's number, which a failed run shifts. */
const drawn = /^(number|micros|.*Micros|.*At)$/

/** The same value with times and drawn ids reduced to whether they are there, and lists without a promised order sorted. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable)
  if (value instanceof Map) return comparable([...value])
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([name, field]) => {
    if (drawn.test(name)) return [name, field === null ? null : 'some time']
    if (name === 'id' && isNumbered(value)) return [name, 'some id']
    const list = Array.isArray(field) && unordered.has(name)
    return [name, list ? (comparable(field) as unknown[]).sort(byText) : comparable(field)]
  })
  return Object.fromEntries(fields)
}

const unordered = new Set(['streams', 'registers', 'positions', 'bells', 'sessionIds', 'conversations'])

/** Outcomes, messages and bell lines: their ids come from sequences that both take from in their own order. */
function isNumbered(value: object): boolean {
  return 'ordinal' in value || 'cleared' in value
}

function byText(a: unknown, b: unknown): number {
  const [first, second] = [JSON.stringify(a), JSON.stringify(b)]
  return first < second ? -1 : first > second ? 1 : 0
}
