/**
 * `npm test`: sees to it that a browser and NATS are there, runs every test, and ends with a line of its own that says how
 * many passed and failed, counted from Vitest's report. What went wrong outside a test counts as a failure, and so does a
 * run of nothing at all.
 *
 * `--without browser,nats` skips the tests tagged so and counts them as skipped; `--check` runs `npm run check` first and
 * counts it as one test; `--pictures` keeps pictures of what the tests of the web app look at; everything else is handed to
 * Vitest.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Counts, countTests, formatCounts, nothing, sum } from './counts.ts'
import { installTools, programs, type Tool, toolNames } from './tools.ts'
import { buildWebApp } from './web-build.js'

const { values, tokens } = parseArgs({
  options: {
    without: { type: 'string', multiple: true, default: [] },
    check: { type: 'boolean', default: false },
    pictures: { type: 'boolean', default: false },
  },
  allowPositionals: true,
  strict: false,
  tokens: true,
})

async function main(): Promise<Counts> {
  const without = values.without.flatMap(list => String(list).split(',')).filter(Boolean)
  const unknown = without.filter(name => !toolNames.includes(name as Tool))
  if (unknown.length > 0) return refuse(`--without knows ${toolNames.join(' and ')}, not ${unknown.join(', ')}`)
  const missing = installTools(toolNames.filter(name => !without.includes(name)))
  if (missing.length > 0) {
    const list = missing.map(tool => programs[tool][0]).join(' and ')
    return refuse(
      `Not found on this machine: ${list}. Install, or go on with npm test -- --without ${missing.join(',')}`,
    )
  }
  return sum([await buildForBrowser(without), values.check ? check() : nothing, runVitest(without)])
}

function refuse(reason: string): Counts {
  console.error(reason)
  return { ...nothing, failed: 1 }
}

async function buildForBrowser(without: string[]): Promise<Counts> {
  if (without.includes('browser')) return nothing
  try {
    await buildWebApp()
    return nothing
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

function check(): Counts {
  const { status } = spawnSync(process.execPath, ['scripts/check.ts'], { stdio: 'inherit' })
  return status === 0 ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 }
}

function runVitest(without: string[]): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'recado-test-'))
  const report = join(folder, 'report.json')
  const filter = without.length > 0 ? ['--tags-filter', without.map(name => `!${name}`).join(' && ')] : []
  try {
    const { status } = spawnSync(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ].concat(filter, argumentsForVitest()),
      { stdio: 'inherit', env: { ...process.env, ...(values.pictures && { RECADO_TEST_PICTURES: 'on' }) } },
    )
    return countTests(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, status ?? 1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function argumentsForVitest(): string[] {
  const ours = new Set<number>()
  for (const token of tokens) {
    if (token.kind !== 'option' || !['without', 'check', 'pictures'].includes(token.name)) continue
    ours.add(token.index)
    if (token.value !== undefined && !token.inlineValue) ours.add(token.index + 1)
  }
  return process.argv.slice(2).filter((_, index) => !ours.has(index))
}

const counts = await main()
console.log(`\n${formatCounts(counts)}`)
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0
