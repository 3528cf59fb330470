/** The mail part of the gallery's client: it holds mails in memory and answers as the SDK does. */
import type { DraftContent, DraftSnapshot, MailClient, MailListSnapshot, MailSnapshot, MailView } from '@recado/client'
import type { MailId, Problem } from '@recado/protocol'
import { personAt } from './fixtures.ts'
import { deliveriesOf, drafts, mails, manyMails, outbox } from './mail-lines.ts'
import type { Situation } from './situations.ts'

const silent = () => () => {}

const draftContent: DraftContent = {
  to: [{ accountId: personAt(1).id }, { conversationId: 101 as never }, { typed: 'Somebody nobody knows' }],
  cc: [{ accountId: personAt(8).id }],
  bcc: [],
  subject: 'About the seating plan',
  html: '<h2>Seating</h2><p>Two tables of <strong>eight</strong> and one of <em>six</em>, or would you rather have it <u>the other way round</u>?</p><ul><li><p>Marina beside the window</p></li><li><p>The <code>band</code> at the far end</p></li></ul><blockquote><p>Nobody wants to sit beside the door, it is cold there in December.</p></blockquote><p>See <a href="https://example.org/plan">the plan</a>.</p>',
  inReplyTo: null,
  forwardOf: null,
  attachments: [
    { mediaId: 'm' as never, name: 'Seating plan, third version.pdf', size: 182_340, type: 'application/pdf' },
    {
      id: 'film',
      name: 'Walking through the hall.mp4',
      blob: new Blob([new Uint8Array(340_000)], { type: 'video/mp4' }),
    },
    { id: 'all', name: 'Everything.zip', blob: new Blob([new Uint8Array(9)], { type: 'application/zip' }) },
  ],
}

const tooLarge: Problem = {
  type: 'urn:recado:problem:too-large',
  title: '',
  status: 413,
  code: 'too-large',
  retry: 'never',
}

function itemsOf(view: MailView, situation: Situation) {
  if (situation.mail === 'many') return view.folder === 'inbox' ? manyMails : []
  if (situation.mail === 'none') return []
  const shown = mails.filter(({ entry }) => {
    if (view.folder === 'labelled') return entry.labels.includes(view.label)
    if (view.folder === 'starred') return entry.starred
    if (view.folder === 'snoozed') return entry.snoozedUntil !== null
    return view.folder === 'inbox'
      ? entry.folder === 'inbox' && entry.snoozedUntil === null
      : entry.folder === view.folder
  })
  const wanted = view.only === 'unread' ? shown.filter(({ entry }) => entry.received && !entry.read) : shown
  return wanted.toSorted((a, b) => (a.entry.at < b.entry.at ? 1 : -1))
}

export function createFakeMail(situation: Situation): MailClient {
  const offline = situation.connection.state === 'offline'
  const empty = situation.mail === 'none'
  const snapshot: MailSnapshot = {
    unread: empty ? 0 : situation.mail === 'many' ? 200 : 2,
    labels: empty ? [] : ['A label with a name that is really too long', 'Invoices', 'Winter party'],
    drafts: empty ? [] : drafts,
    outbox: offline ? outbox : [],
  }
  const lists = new Map<string, MailListSnapshot>()
  const listOf = (view: MailView): MailListSnapshot => {
    const key = JSON.stringify(view)
    const loading = { first: !situation.ready, older: false }
    const items = situation.ready ? itemsOf(view, situation) : []
    const known = lists.get(key) ?? { items, hasOlder: false, loading, problem: null, offline }
    lists.set(key, known)
    return known
  }
  const threads = new Map<MailId, ReturnType<typeof threadOf>>()
  const threadOf = (threadId: MailId) => ({
    mails: [...mails, ...manyMails].filter(mail => mail.threadId === threadId),
    loading: false,
    problem: null,
  })
  const draft: DraftSnapshot = {
    content: draftContent,
    state: 'saved',
    copyId: situation.mail === 'copy' ? 'd2' : null,
    uploads: [
      { id: 'film', uploaded: 210_000, problem: null },
      { id: 'all', uploaded: 0, problem: tooLarge },
    ],
  }
  const deliveries = new Map<MailId, ReturnType<typeof deliveriesSnapshot>>()
  const deliveriesSnapshot = (mailId: MailId) => ({
    statuses: mails.find(({ id }) => id === mailId)?.statuses ?? null,
    items: deliveriesOf(mailId),
    hasMore: (mails.find(({ id }) => id === mailId)?.statuses?.read ?? 0) > 100,
    loading: false,
    problem: null,
  })
  const kept = <Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value => {
    const value = map.get(key) ?? make()
    map.set(key, value)
    return value
  }
  return {
    subscribe: silent,
    getSnapshot: () => snapshot,
    list: view => ({ subscribe: silent, getSnapshot: () => listOf(view), loadOlder: async () => {} }),
    thread: id => ({ subscribe: silent, getSnapshot: () => kept(threads, id, () => threadOf(id)) }),
    deliveries: id => ({
      subscribe: silent,
      getSnapshot: () => kept(deliveries, id, () => deliveriesSnapshot(id)),
      loadMore: async () => {},
    }),
    draft: () => ({ subscribe: silent, getSnapshot: () => draft, save: () => {}, discard: async () => {} }),
    send: async () => 'entry',
    takeBack: async () => true,
    retry: async () => {},
    update: async () => [],
    undo: async () => {},
    search: async () => ({ hits: [], state: 'complete', unknown: [], beyond: [] }),
  }
}
