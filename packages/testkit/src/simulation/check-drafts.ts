/**
 * Drafts: no word that somebody typed is lost, wherever and whenever it was typed, unless its draft was thrown away; a draft
 * that was sent or thrown away is gone everywhere; and every program shows the drafts that the server has (M1).
 */
import type { AccountId } from '@recado/protocol'
import { same } from './check-client.ts'
import type { Complain } from './check-log.ts'
import type { Facts } from './facts.ts'
import type { Mailbox } from './mailbox.ts'
import type { Record, TypedWord } from './record.ts'
import { wordsOf } from './words.ts'

interface Found {
  readonly facts: Facts
  readonly record: Record
  readonly mailboxes: readonly Mailbox[]
  readonly complain: Complain
}

interface KeptDraft {
  readonly accountId: AccountId
  readonly id: string
  readonly words: readonly string[]
  /** When the server first heard of it, in ms. */
  readonly begunAt: number
}

export function checkDrafts(found: Found): void {
  const { record, mailboxes } = found
  const kept = keptDrafts(found.facts)
  const written = writtenMails(found)
  for (const word of record.words.values()) {
    if (word.state === 'kept') checkWord(word, kept, written, found)
  }
  checkThrown(kept, found)
  checkSent(kept, found)
  for (const mailbox of mailboxes) checkShown(mailbox, found)
}

function keptDrafts(facts: Facts): KeptDraft[] {
  return [...facts.tables.drafts.values()].flatMap(({ accountId, draftId, number, draft }) => {
    if (draft === null || number === null) return []
    const begunAt = (facts.events(accountId)[number - 1]?.micros ?? 0) / 1000
    return { accountId, id: draftId, words: wordsOf(draft.html), begunAt }
  })
}

/** All words of each account's mails, on the server and refused. */
function writtenMails({ facts, mailboxes }: Found): ReadonlyMap<AccountId, ReadonlySet<string>> {
  const words = new Map<AccountId, Set<string>>()
  const add = (accountId: AccountId, html: string) => {
    const known = words.get(accountId) ?? new Set()
    words.set(accountId, known)
    for (const word of wordsOf(html)) known.add(word)
  }
  for (const { authorId, html, text } of facts.tables.mails.values()) add(authorId, html ?? text)
  for (const { accountId, outbox } of mailboxes) {
    for (const { input } of outbox) add(accountId, 'html' in input.body ? input.body.html : input.body.text)
  }
  return words
}

function checkWord(
  { text, accountId, machine, at, draft }: TypedWord,
  kept: readonly KeptDraft[],
  written: ReadonlyMap<AccountId, ReadonlySet<string>>,
  { record, complain }: Found,
): void {
  if (kept.some(one => one.accountId === accountId && one.words.includes(text))) return
  if (written.get(accountId)?.has(text)) return
  if (record.thrown.some(one => one.accountId === accountId && one.words.includes(text))) return
  if (record.discards.some(discard => discard.machine === machine && at <= discard.to)) return
  complain(`a word of a draft is lost: ${text}, written into ${draft}`)
}

/**
 * What was written to it elsewhere is not what was thrown away: it lies in a draft beside, with all that stood there. And that it is to
 * go may itself be thrown away.
 */
function checkThrown(kept: readonly KeptDraft[], { record, complain }: Found): void {
  for (const { machine, accountId, id, words, from, doneAt } of record.thrown) {
    const isForgotten = record.discards.some(discard => discard.machine === machine && from <= discard.to)
    if (doneAt === null || isForgotten) continue
    const isShared = isWrittenElsewhere(record, id, machine)
    const isBack = (draft: KeptDraft) =>
      draft.accountId === accountId &&
      (draft.id === id || (!isShared && draft.begunAt > doneAt)) &&
      isWithin(draft.words, words)
    for (const draft of kept.filter(isBack)) complain(`was thrown away and is there again: ${id} as ${draft.id}`)
  }
}

function checkSent(kept: readonly KeptDraft[], { facts, record, complain }: Found): void {
  const bySubject = new Map([...facts.tables.mails.values()].map(mail => [`${mail.authorId} ${mail.subject}`, mail]))
  const sendings = Map.groupBy(record.letters, ({ accountId, draftId }) => `${accountId} ${draftId}`)
  for (const { machine, accountId, subject, draftId } of record.letters) {
    // Who sent another text of it elsewhere, or wrote one there, has both: what is in no mail lies in a draft beside.
    if (isWrittenElsewhere(record, draftId, machine) || (sendings.get(`${accountId} ${draftId}`)?.length ?? 0) > 1)
      continue
    const mail = draftId === null ? undefined : bySubject.get(`${accountId} ${subject}`)
    if (!mail) continue
    const words = wordsOf(mail.html ?? mail.text)
    const isLeft = (draft: KeptDraft) =>
      draft.accountId === accountId &&
      (draft.id === draftId || draft.begunAt > mail.createdMicros / 1000) &&
      isWithin(draft.words, words)
    for (const draft of kept.filter(isLeft)) complain(`was sent and is a draft: ${draftId} as ${draft.id}`)
  }
}

function isWrittenElsewhere({ words }: Record, draftId: string | null, machine: string): boolean {
  return [...words.values()].some(word => word.draft === draftId && word.machine !== machine)
}

function isWithin(words: readonly string[], all: readonly string[]): boolean {
  return words.length > 0 && words.every(word => all.includes(word))
}

function checkShown({ device, accountId, drafts }: Mailbox, { facts, complain }: Found): void {
  const rows = [...facts.tables.drafts.values()].flatMap(({ accountId: owner, draft }) =>
    owner === accountId && draft !== null ? draft : [],
  )
  same(
    'drafts',
    [...drafts].map(([id, content]) => describe(id, content)).sort(),
    rows.map(row => describe(row.draftId, row)).sort(),
    what => complain(`${device}: ${what}`),
  )
}

interface Content {
  readonly to: readonly unknown[]
  readonly subject: string
  readonly html: string
}

function describe(id: string, content: Content | null): string {
  return JSON.stringify(content && [id, content.to, content.subject, content.html])
}
