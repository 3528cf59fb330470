/** Messages with mark-up, as people write it and as those write it who mean harm. */
import type { AccountId } from '@recado/protocol'
import type { Line } from './fixtures.ts'

const texts: readonly string[] = [
  '**Decided today**, so that we find it again:\n\n1. Paper: *warm white*, 120 g\n2. Colour: one, the red of the seal\n   - not the dark one\n   - and no gold\n3. Date: ~~Friday~~ **Saturday**, 12 December\n\n@marina please check the third line.',
  '> Does the e-mail address on the back still say the old domain?\n> It did last week.\nNo, it is right now. See `envelope.svg`, and [the proof](https://example.org/proofs/7).',
  '# What is left\n- [x](https://example.org) the list\n- the envelopes\n\n## And then\nWe are done.',
  '```ts\n/** How many sheets for so many guests. */\nexport function countSheets(guests: number, perSheet = 2): number {\n  if (guests < 0) throw new RangeError("Fewer than nobody")\n  return Math.ceil(guests / perSheet) // two cards on a sheet, and one spare sheet for every twenty of them\n}\n```',
  'Run this:\n```bash\ncurl -fsS https://example.org/lists.csv | sort -u > "invitations 2026.csv"\n```\nthen send it to me.',
  '```diff\n- date: Friday\n+ date: Saturday\n```',
  'Beware: [https://bank.example](https://evil.example/login) and https://b\u0430nk.example and http://bank.example@evil.example/ and [\u202Emoc.knab](https://evil.example).',
  '<img src=x onerror=alert(1)> <script>alert(1)</script> [x](javascript:alert(1)) ![cat](https://example.org/cat.png)',
  '> one\n> > two\n> > > three',
  '**شكراً جزيلاً**، سأراجعها `الليلة`:\n- الورق\n- اللون',
  '```\nno language, a line that is much too long to fit into any bubble on any screen that we know of, so it has to scroll inside\n```',
  '🎉🎉🎉',
  '👍🏽',
  'Just words, 2*3*4 = 24, and a snake_case_name.',
]

export const markupLines: readonly Line[] = texts.map((text, index) => ({
  by: index % 3 === 0 ? null : index % 5,
  text,
  ago: (texts.length - index) * 3,
  mentions: [2 as AccountId],
}))
