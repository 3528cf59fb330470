import { ModelDatabase } from '../model/database.ts'
import { createModelStore } from '../model/store.ts'
import { describeStore } from './store-contract.ts'

/** Each moment is later than the one before, as on a clock that counts microseconds. */
let ticks = 0

describeStore('as a model', {
  open: async () => createModelStore(new ModelDatabase({ micros: () => ++ticks })),
  close: async () => undefined,
})
