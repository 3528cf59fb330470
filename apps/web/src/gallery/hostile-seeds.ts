/** What those write who mean harm, or do not know better: every place of the app has to hold it. */
import type { AccountId, Person } from '@recado/protocol'
import { type ConversationSeed, isoAgo, type Line, me, toMessages } from './fixtures.ts'

const rightToLeftOverride = '\u202E'
const combining = '\u0335\u0321\u0322\u0327\u0328\u0300\u0301\u0302\u0308\u030A'

const names: readonly (readonly [string, string])[] = [
  ['script', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
  ['turned', `${rightToLeftOverride}gnp.tegdub ${rightToLeftOverride}`],
  ['wide', 'W'.repeat(100)],
  ['w'.repeat(255), 'Somebody with a username of 255 letters'],
  ['words', 'A name of many words that goes on and on until it has used up all of its hundred letters, as it may do'],
  ['marks', [...'Zalgo'].map(letter => letter + combining).join('')],
  ['blank', '\u200B\u2060\u00AD'],
  ['family', '👨‍👩‍👧‍👦'.repeat(8)],
  ['arabic', `ليلى${rightToLeftOverride} حداد <b>`],
]

export const hostilePeople: readonly Person[] = names.map(([username, displayName], index) => ({
  id: (index + 2) as AccountId,
  username,
  displayName,
  lastSeenAt: isoAgo(30 * (index + 1)),
}))

/** As many people as react to one message in a group of thousands. */
const crowd = Array.from({ length: 1_000 }, (_, index) => 10_000 + index)
const manyEmojis = Array.from(
  { length: 1_000 },
  (_, index) => String.fromCodePoint(0x1f300 + (index % 600)) + (index > 599 ? '\uFE0F' : ''),
)

const lines: readonly Line[] = [
  { by: 0, text: '<img src=x onerror=alert(1)> <script>alert(1)</script> &lt;b&gt; [x](javascript:alert(1))', ago: 60 },
  { by: 1, text: `The file is called ${rightToLeftOverride}gpj.exe and this goes on in the right direction`, ago: 58 },
  { by: 2, text: 'x'.repeat(10_000), ago: 55 },
  {
    by: 3,
    text: 'Thousand of you liked it.',
    ago: 50,
    reactions: [
      ['👍', crowd],
      ['❤️', [me, ...crowd.slice(0, 500)]],
    ],
  },
  {
    by: 5,
    text: [...'A thousand marks on every letter'].map(letter => letter + combining.repeat(4)).join(''),
    ago: 48,
  },
  {
    by: 4,
    text: 'Everybody had an emoji of their own.',
    ago: 45,
    reactions: manyEmojis.map(emoji => [emoji, [2]] as const),
  },
  { by: 8, text: `${rightToLeftOverride}${rightToLeftOverride}شكراً <b>جزيلاً</b>`, ago: 40, replyTo: 2 },
  { by: 7, text: '\u200B', ago: 38 },
  { by: null, text: `https://example.org/${'very-long-path/'.repeat(60)}?q=${'a'.repeat(400)}`, ago: 30, replyTo: 3 },
  { by: 6, text: '\n\n\n\n\n\nfar below\n\n\n\n\n\n', ago: 20, forwardedFrom: 3 as AccountId },
  { by: null, text: `${'💥'.repeat(300)}`, ago: 10 },
  { by: 1, text: 'That was all.', ago: 5 },
]

export function hostileSeeds(): readonly ConversationSeed[] {
  const group: ConversationSeed = {
    id: 101,
    name: `${rightToLeftOverride}<h1>${'group'.repeat(18)}</h1>`,
    description: 'd'.repeat(1_000),
    peer: null,
    members: 10,
    messages: toMessages(101, lines),
    unread: 1_234_567,
  }
  const directs = hostilePeople.map((_, index): ConversationSeed => {
    const id = 110 + index
    const body = lines[index % lines.length]?.text ?? null
    return {
      id,
      name: null,
      peer: index,
      members: 2,
      messages: toMessages(id, [{ by: index, text: body, ago: 60 + index }]),
      unread: index * 999,
    }
  })
  return [group, ...directs]
}
