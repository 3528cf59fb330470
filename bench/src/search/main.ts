/** `npm run bench:search`: what a search among a million messages takes, and what search costs those who write. */
import { cpus, loadavg, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import type { MessagesResult } from '../driver/job.ts'
import { quantile } from '../mail/call.ts'
import { resultsFile, writeSection } from '../results-file.ts'
import { type Appending, measureAppending } from './appending.ts'
import { measureQueries } from './queries.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    messages: { type: 'string' },
    mails: { type: 'string' },
    output: { type: 'string' },
  },
})
const seconds = Number(values.seconds ?? 10)
const messages = Number(values.messages ?? 1_000_000)
const mails = Number(values.mails ?? 100_000)

function costRow(
  name: string,
  { held, working }: Appending,
  of: (result: MessagesResult) => number,
  digits: number,
): string {
  const [without, with_] = [held.map(of), working.map(of)]
  const [one, other] = [quantile(without, 0.5), quantile(with_, 0.5)]
  const runs = [without, with_].map(figures => figures.map(figure => figure.toFixed(digits)).join(', ')).join(' – ')
  return `| ${name} | ${one.toFixed(digits)} | ${other.toFixed(digits)} | ${(other / one).toFixed(2)} | ${runs} |`
}

const appending = await measureAppending(seconds)
console.log(costRow('messages/s', appending, result => result.messagesPerSecond, 0))
const { figures, visible, filling } = await measureQueries(messages, mails)

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`
const count = (number: number) => number.toLocaleString('en')
const rows = figures.map(({ what, p50, p95, hits }) => `| ${what} | ${p50.toFixed(1)} | ${p95.toFixed(1)} | ${hits} |`)
const report = `Measured ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC on ${machine}, Linux ${release()}, Node ${process.versions.node}, with
\`npm run bench:search\`; server, database and whoever asks on the same processors. ${count(messages)} messages of 8 to 16 words out of
20,000, as frequent as in a language, in 100 groups, and ${count(mails)} mails to one reader, who is in 40 of the groups and may see
${count(visible)} of the messages. One request of \`search.find\` after another over HTTP, 100 of each kind, 20 hits a page:

| Searched for | p50, ms | p95, ms | Hits on the page |
|---|--:|--:|--:|
${rows.join('\n')}

What was written before search was there is read behind the running server: ${count(Math.round(filling.perSecond))} a second without the rests in between,
which are at least as long as the work.

What it costs those who write: scenario A of the server (100 pairs, 8 in flight each) with the tail held and with it at work, in turns
on one server, ${seconds} s each, medians of three. It is behind all the time then, and works for a tenth of it:

| | Held | At work | Ratio | Runs: held – at work |
|---|--:|--:|--:|---|
${costRow('messages/s', appending, result => result.messagesPerSecond, 0)}
${costRow('CPU s per 1,000', appending, result => result.cpuSecondsPer1000, 4)}
${costRow('send → acknowledged p50, ms', appending, result => result.ackMs.p50, 2)}
${costRow('send → acknowledged p99, ms', appending, result => result.ackMs.p99, 2)}

When nobody wrote any more it brought ${count(Math.round(appending.indexedPerSecond))} messages a second up to date, resting as it does.

The load average was ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors when it ended.
`
console.log(`\n${report}`)
await writeSection(values.output ?? resultsFile, 'search', report)
