import type { MailHeader, MailStatuses } from '@recado/protocol'
import { describe, expect, it } from 'vitest'
import { authorsOf, MailGroups, statusesOf } from './group-mails.ts'

function mail(id: number, threadId: number, rest: object = {}, entry: object = {}): MailHeader {
  const usual = { read: true, received: true, starred: false, labels: [] }
  return { id, threadId, authorId: id, statuses: null, ...rest, entry: { ...usual, ...entry } } as unknown as MailHeader
}

describe('MailGroups', () => {
  it('puts mails of one thread where its newest stands', () => {
    const groups = new MailGroups().of([mail(5, 1), mail(4, 2), mail(3, 1)])
    expect(groups.map(({ threadId, mails }) => [threadId, mails.map(({ id }) => id)])).toEqual([
      [1, [5, 3]],
      [2, [4]],
    ])
  })

  it('keeps a group the same while its mails are, and the list while its items are', () => {
    const memory = new MailGroups()
    const [one, two] = [mail(2, 1), mail(1, 2)]
    const items = [one, two]
    const before = memory.of(items)
    expect(memory.of(items)).toBe(before)
    const after = memory.of([mail(3, 3), one, two])
    expect([after[1], after[2]]).toEqual([before[0], before[1]])
    expect(after[1]).toBe(before[0])
    expect(memory.of([mail(2, 1), two])[0]).not.toBe(before[0])
  })

  it('sums up what its mails are', () => {
    const [group] = new MailGroups().of([
      mail(3, 1, { authorId: 8 }, { labels: ['b'], starred: true }),
      mail(2, 1, { authorId: 9 }, { read: false, labels: ['a', 'b'] }),
      mail(1, 1, { authorId: 8 }),
    ])
    expect(group).toMatchObject({ unread: true, starred: true, labels: ['a', 'b'] })
    expect(group && authorsOf(group)).toEqual([8, 9])
  })

  it('never counts what one wrote as unread', () => {
    expect(new MailGroups().of([mail(1, 1, {}, { received: false, read: false })])[0]?.unread).toBe(false)
  })
})

describe('statusesOf', () => {
  const counts = { queued: 0, sent: 0, delivered: 0, read: 0, failed: 0, cancelled: 0 }
  it('adds up, and is null where there is nothing to add', () => {
    const of = (part: Partial<MailStatuses>) => ({ statuses: { ...counts, version: 1, ...part } })
    expect(statusesOf([mail(1, 1)])).toBeNull()
    expect(statusesOf([mail(2, 1, of({ read: 2 })), mail(1, 1, of({ read: 1, queued: 1 })), mail(3, 1)])).toEqual({
      ...counts,
      read: 3,
      queued: 1,
    })
  })
})
