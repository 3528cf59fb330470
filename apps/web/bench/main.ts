/** `npm run bench:web`: the web app in Chromium, against the bounds that are promised. */
import { parseArgs } from 'node:util'
import { resultsFile, writeSection } from '@recado/bench/results-file.ts'
import { type Figure, holds } from './figures.ts'
import { type House, openHouse } from './house.ts'
import { measureLoading } from './loading.ts'
import { measureHour, measureMemory } from './memory.ts'
import { createReport, loadNow } from './report.ts'
import { measureOpening, measureScrolling, measureSearch, measureTaps, measureTyping } from './using.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** Only the memory of a page that is open for so many minutes. */
    minutes: { type: 'string' },
    output: { type: 'string' },
  },
})
const { quick } = values
const minutes = values.minutes === undefined ? null : Number(values.minutes)
const count = quick ? 5_000 : 100_000
const times = quick ? 3 : 9

type Part = readonly [string, (house: House) => Promise<readonly Figure[]>]
const quickly: readonly Part[] = [
  ['loading', house => measureLoading(house, times)],
  ['taps', house => measureTaps(house, times * 4)],
  ['opening', house => measureOpening(house, times)],
  ['typing', house => measureTyping(house, times * 10)],
  ['scrolling', house => measureScrolling(house, quick ? 100 : 600)],
  ['memory', house => measureMemory(house, quick ? 2 : 4, quick ? 500 : 5_000)],
  ['search', measureSearch],
]
const parts: readonly Part[] = minutes === null ? quickly : [['memory', house => measureHour(house, minutes)]]

const load = loadNow()
const figures: Figure[] = []
await using house = await openHouse(count)
for (const [name, measure] of parts) {
  console.log(`${name} …`)
  const found = await measure(house)
  // At once, so that what was measured is told even if a later part fails.
  for (const { name: what, value, unit } of found) console.log(`  ${what}: ${value.toFixed(1)} ${unit}`)
  figures.push(...found)
}
const report = createReport({ figures, browser: house.browser.version(), count, load })
console.log(`\n${report}`)
const output = values.output ?? (quick ? null : resultsFile)
if (output !== null) await writeSection(output, minutes === null ? 'web' : 'hour', report)
if (!figures.every(holds)) process.exitCode = 1
