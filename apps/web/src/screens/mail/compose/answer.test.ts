import type { AccountId, ConversationId, Mail, MailRecipient } from '@recado/protocol'
import { describe, expect, it } from 'vitest'
import { recipientsOf, startAnswer, subjectOf, textToHtml } from './answer.ts'

const me = 1 as AccountId
const person = (accountId: number, mode: MailRecipient['mode'] = 'to'): MailRecipient => ({
  mode,
  accountId: accountId as AccountId,
  conversationId: null,
  name: null,
  address: null,
})
const group: MailRecipient = { ...person(0), accountId: null, conversationId: 7 as ConversationId, name: 'Desk' }

function mail(authorId: number, recipients: readonly MailRecipient[]): Mail {
  return {
    id: 9,
    authorId,
    recipients,
    subject: 'Proof',
    text: 'One\ntwo\n\n<three>',
    html: null,
    attachments: [],
  } as unknown as Mail
}

describe('subjectOf', () => {
  it.each([
    ['reply', 'Proof', 'Re: Proof'],
    ['reply', 'Re: Proof', 'Re: Proof'],
    ['reply-all', 'RE: re[2]: Fwd: Proof', 'Re: Proof'],
    ['reply', 'RES: Enc: Proof', 'Re: Proof'],
    ['forward', 'Re: Proof', 'Fwd: Proof'],
    ['forward', 'Fwd: Fwd: Proof', 'Fwd: Proof'],
    ['reply', '', 'Re:'],
    ['reply', 'Regarding: lunch', 'Re: Regarding: lunch'],
  ] as const)('%s to %j is %j', (kind, subject, expected) => {
    expect(subjectOf(kind, subject)).toBe(expected)
  })
})

describe('recipientsOf', () => {
  it('replies to the author alone', () => {
    expect(recipientsOf('reply', mail(2, [person(1), person(3)]), me)).toEqual({ to: [{ accountId: 2 }], cc: [] })
  })

  it('replies to all but oneself, a group as the group; copies stay copies, each once', () => {
    const received = mail(2, [person(1), person(3), group, person(4, 'cc'), person(3, 'cc'), person(1, 'cc')])
    expect(recipientsOf('reply-all', received, me)).toEqual({
      to: [{ accountId: 2 }, { accountId: 3 }, { conversationId: 7 }],
      cc: [{ accountId: 4 }],
    })
  })

  it('never answers to a blind copy', () => {
    expect(recipientsOf('reply-all', mail(1, [person(2), person(5, 'bcc')]), me)).toEqual({
      to: [{ accountId: 2 }],
      cc: [],
    })
    expect(recipientsOf('reply-all', mail(2, [person(1, 'bcc')]), me)).toEqual({ to: [{ accountId: 2 }], cc: [] })
  })

  it('goes on to the same people after what one wrote oneself', () => {
    expect(recipientsOf('reply', mail(1, [person(2), person(3, 'cc')]), me)).toEqual({ to: [{ accountId: 2 }], cc: [] })
  })

  it('answers oneself where nobody else is', () => {
    expect(recipientsOf('reply-all', mail(1, [person(1)]), me)).toEqual({ to: [{ accountId: 1 }], cc: [] })
  })

  it('forwards to nobody yet', () => {
    expect(recipientsOf('forward', mail(2, [person(1)]), me)).toEqual({ to: [], cc: [] })
  })
})

describe('startAnswer', () => {
  it('quotes what was written as text, below room to write in', () => {
    const received = mail(2, [person(1)])
    const answer = startAnswer({ kind: 'reply', mail: received, me, introduction: 'Ana <a> wrote:', signature: null })
    expect(answer.html).toBe(
      '<p></p><p>Ana &lt;a&gt; wrote:</p><blockquote><p>One<br>two</p><p>&lt;three&gt;</p></blockquote>',
    )
    expect([answer.inReplyTo, answer.forwardOf]).toEqual([9, null])
  })

  it('keeps a forwarded mail out of the thread, and the signature above what is quoted', () => {
    const received = mail(2, [person(1)])
    const answer = startAnswer({ kind: 'forward', mail: received, me, introduction: 'x', signature: '<p>B.</p>' })
    expect([answer.inReplyTo, answer.forwardOf]).toEqual([null, 9])
    expect(answer.html.startsWith('<p></p><p></p><p>B.</p><p>x</p><blockquote>')).toBe(true)
  })
})

it('makes no element of what is text', () => {
  expect(textToHtml('<script>"&')).toBe('<p>&lt;script&gt;&quot;&amp;</p>')
})
