/** A store whose writers, or their transactions, a test changes, to see what comes of it found. */
import type { Store, Writer } from '@recado/server/store/store.ts'
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
  return withWriters(store, writer => ({
    transact: work => writer.transact(transaction => work(changed(transaction))),
  }))
}

export function withWriters(store: Store, change: (writer: Writer) => Partial<Writer>): Store {
  const changed = (writer: Writer): Writer => {
    const plain: Writer = {
      slot: writer.slot,
      appendBatch: entries => writer.appendBatch(entries),
      movePositions: moves => writer.movePositions(moves),
      transact: work => writer.transact(work),
      [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
    }
    return { ...plain, ...change(writer) }
  }
  return {
    ...store,
    openWriter: async () => changed(await store.openWriter()),
    recoverWriter: async attempt => {
      const { writer, committed } = await store.recoverWriter(attempt)
      return { writer: changed(writer), committed }
    },
  }
}
