import { ModelDatabase } from '../model/database.ts'
import { createModelStore } from '../model/store.ts'
import { describeStore } from './store-contract.ts'

describeStore('as a model', {
  open: async () => createModelStore(new ModelDatabase({ now: Date.now })),
  close: async () => undefined,
})
