/** What is checked of drafts, of mails that were put off and of hidden reading can fail too: each fault is found within a few seeds. */
import type { Transaction } from '@recado/server/store/transaction.ts'
import { findPlanted, type PlantedFault } from './find-planted.ts'
import { withoutRowsOf } from './with-rows.ts'
import { withTransactions } from './with-writers.ts'
import type { Planted } from './world.ts'

const faults: readonly PlantedFault[] = [
  ['a server that leaves out the last word of a draft', cutDrafts, /a word of a draft is lost/],
  ['a device that keeps no drafts', keepNoDrafts, /a word of a draft is lost/],
  ['a server that keeps a draft that was sent', keepSent, /was sent and is a draft/],
  ['a server that keeps what was thrown away', keepThrown, /was thrown away and is there again/],
  ['a server that forgets to list a draft', listNoDrafts, /drafts: shows/],
  ['a worker that forgets what was put off', forgetSnoozed, /is still put off/],
  ['a clock that brings mails back too soon', returnSoon, /came back before its time/],
  ['a server that shows what somebody hides', showHidden, /has read, who hides it/],
  ['a server that tells authors of all reading', tellAuthors, /learns that .* has read it/],
]

findPlanted(faults, {
  'a server that leaves out the last word of a draft': 20,
  'a server that keeps what was thrown away': 11,
})

function cutDrafts(): Planted {
  const cut = (text: string) => text.replace(/("html":"<p>[^"]* )[^ "]+(<\/p>")/, '$1$2')
  return { distort: { toClient: text => (text.includes('"forwardOf":') ? cut(text) : text) } }
}

function keepNoDrafts(): Planted {
  return withoutRowsOf('drafts')
}

/** Neither the mail nor the device that sent it says so. */
function keepSent(): Planted {
  const sent = new Set<string>()
  return {
    distort: {
      toServer: text => {
        const id = /"op":"mail.send".*"draftId":"([^"]+)"/.exec(text)?.[1]
        if (id !== undefined) sent.add(id)
        const isOfSent = [...sent].some(one => text.includes(`"op":"draft.delete","data":{"draftId":"${one}"`))
        const kept = text.replace(/,"draftId":"[^"]+","draftVersion":\d+/, '')
        return isOfSent ? askedInstead(text) : text.includes('"op":"mail.send"') ? kept : text
      },
    },
  }
}

/** What is deleted is read, which does no harm. */
function askedInstead(text: string): string {
  return text.replace('"op":"draft.delete"', '"op":"draft.get"').replace(/,"base":\d+/, '')
}

function keepThrown(): Planted {
  return { distort: { toServer: text => (text.includes('"op":"draft.delete"') ? askedInstead(text) : text) } }
}

function listNoDrafts(): Planted {
  return { store: store => ({ ...store, drafts: { ...store.drafts, list: async () => [] } }) }
}

function forgetSnoozed(): Planted {
  return {
    store: store => ({
      ...store,
      mail: { ...store.mail, findWork: async limit => ({ ...(await store.mail.findWork(limit)), snoozed: [] }) },
    }),
  }
}

/** A second less than was asked for. */
function returnSoon(): Planted {
  const soon = (time: string) => new Date(Date.parse(time) - 900).toISOString()
  return {
    distort: {
      toServer: text => text.replace(/"snoozedUntil":"([^"]+)"/, (_, time: string) => `"snoozedUntil":"${soon(time)}"`),
    },
  }
}

function showHidden(): Planted {
  return {
    store: store => ({
      ...store,
      readPositions: async request => {
        const page = await store.readPositions(request)
        return { ...page, items: page.items.map(item => ({ ...item, readReceipts: 'shown' as const })) }
      },
    }),
  }
}

/** That it is hidden is noted by nobody. */
function tellAuthors(): Planted {
  const change = ({ accounts }: Transaction): Partial<Transaction> => ({
    accounts: { ...accounts, setReadReceipts: async () => 'same' },
  })
  return { store: store => withTransactions(store, change) }
}
