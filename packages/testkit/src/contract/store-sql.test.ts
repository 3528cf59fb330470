import { openSqlStore } from './sql-store.ts'
import { describeStore } from './store-contract.ts'

const databases = new AsyncDisposableStack()

describeStore('in PostgreSQL', {
  open: async () => databases.use(await openSqlStore()).store,
  close: () => databases.disposeAsync(),
})
