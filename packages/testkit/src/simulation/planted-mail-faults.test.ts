/** What is checked of mail can fail too: faults planted at the ports, each found within a few seeds. */
import type { Store } from '@recado/server/store/store.ts'
import type { Transaction } from '@recado/server/store/transaction.ts'
import { findPlanted, type PlantedFault } from './find-planted.ts'
import { resendUnderNewKeys } from './resend-under-new-keys.ts'
import { withoutRowsOf } from './with-rows.ts'
import { withTransactions } from './with-writers.ts'
import type { Planted } from './world.ts'

const faults: readonly PlantedFault[] = [
  ['a device that confirms what it has not stored', confirmUnstored, /before any device had stored it/],
  ['a delivery that is told twice', deliverTwice, /was told 2 times/],
  ['a worker that forgets what is queued', forgetQueued, /still waits to be sent/],
  ['an outbox that resends a mail under a new key', () => resendUnderNewKeys('mail.send'), /was mailed more than once/],
  ['an entry that is applied as it was before', applyOldEntries, /mails of|unread mails/],
  ['a count of unread mails that is one too high', miscountUnread, /unread mails/],
]

findPlanted(faults)

function confirmUnstored(): Planted {
  return withoutRowsOf('mailHeaders')
}

function deliverTwice(): Planted {
  const change = (transaction: Transaction): Partial<Transaction> => ({
    appendEvents: async events => {
      const sequences = await transaction.appendEvents(events)
      const arrived = events.filter(event => event.kind === 'mail.arrived')
      if (arrived.length > 0) await transaction.appendEvents(arrived)
      return sequences
    },
  })
  return { store: store => withTransactions(store, change) }
}

function forgetQueued(): Planted {
  const findWork = async (store: Store, limit: number) => {
    return { ...(await store.mail.findWork(limit)), queued: 'none' as const }
  }
  return {
    store: store => ({ ...store, mail: { ...store.mail, findWork: limit => findWork(store, limit) } }),
  }
}

function applyOldEntries(): Planted {
  return {
    distort: {
      toClient: text =>
        text.startsWith('{"type":"event"') && text.includes('"kind":"mailbox.changed"')
          ? text.replace('"starred":true', '"starred":false').replace('"read":true', '"read":false')
          : text,
    },
  }
}

function miscountUnread(): Planted {
  return {
    store: store => ({
      ...store,
      mail: {
        ...store.mail,
        readUnread: async accountId => {
          const unread = await store.mail.readUnread(accountId)
          return { ...unread, count: unread.count + 1 }
        },
      },
    }),
  }
}
