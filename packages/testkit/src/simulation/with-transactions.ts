/** A store whose transactions a test changes, to see what comes of it found. */
import type { Store } from '@recado/server/store/store.ts'
import type { Transaction } from '@recado/server/store/transaction.ts'

export function withTransactions(store: Store, change: (transaction: Transaction) => Partial<Transaction>): Store {
  const changed = (transaction: Transaction): Transaction => {
    const other = change(transaction)
    return new Proxy(transaction, {
      get: (target, name) => {
        const value = Reflect.get(Reflect.has(other, name) ? other : target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  type Writer = Awaited<ReturnType<Store['openWriter']>>
  const wrap = (writer: Writer): Writer => ({
    slot: writer.slot,
    appendBatch: entries => writer.appendBatch(entries),
    movePositions: moves => writer.movePositions(moves),
    transact: work => writer.transact(transaction => work(changed(transaction))),
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  })
  return {
    ...store,
    openWriter: async () => wrap(await store.openWriter()),
    recoverWriter: async attempt => {
      const { writer, committed } = await store.recoverWriter(attempt)
      return { writer: wrap(writer), committed }
    },
  }
}
