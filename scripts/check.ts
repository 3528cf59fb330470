/**
 * `npm run check`: everything about the source that can be judged without running it, two steps at a time. A step that
 * passes is one line; one that fails shows what its tool says.
 */
import { spawn } from 'node:child_process'

type Step = { name: string; command: string[] }

const fix = process.argv.includes('--fix')
const bin = (tool: string) => `node_modules/.bin/${tool}`
/** Several checkers each work out the contract's types for themselves; with other steps beside it one is faster. */
const types = (project: string) => [bin('tsc'), '-p', project, '--checkers', '1']

const steps: Step[] = [
  {
    name: 'lint, format, imports',
    command: [bin('biome'), 'check', '--error-on-warnings', ...(fix ? ['--write'] : []), '.'],
  },
  { name: 'types', command: types('tsconfig.json') },
  { name: 'types of the client', command: types('packages/client/tsconfig.json') },
  { name: 'types of the web app', command: types('apps/web/tsconfig.json') },
  { name: 'types of the service worker', command: types('apps/web/worker/tsconfig.json') },
  { name: 'size of the first load', command: [process.execPath, 'scripts/web-size.ts'] },
  { name: 'lock file', command: ['npm', 'ci', '--dry-run', '--no-audit', '--no-fund', '--loglevel=error'] },
  { name: 'dead code', command: [bin('knip'), '--no-progress'] },
  {
    name: 'structure and links',
    command: [bin('vitest'), 'run', 'scripts/structure.test.ts', 'scripts/links.test.ts'],
  },
]

type Outcome = { ok: boolean; output: string; seconds: string }

function run({ command: [program = '', ...args] }: Step): Promise<Outcome> {
  const startedMs = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: color },
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', text => (output += text))
    child.stderr.setEncoding('utf8').on('data', text => (output += text))
    child.once('error', reject)
    child.once('close', code =>
      resolve({ ok: code === 0, output, seconds: ((performance.now() - startedMs) / 1000).toFixed(1) }),
    )
  })
}

const color = process.stdout.isTTY ? '1' : '0'
const waiting = [...steps]
let failed = 0

async function work(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const { ok, output, seconds } = await run(step)
    console.log(`${ok ? '  ok ' : 'FAIL '} ${step.name} (${seconds} s)`)
    if (ok) continue
    failed += 1
    console.log(output.trim())
  }
}

await Promise.all([work(), work()])
console.log(failed === 0 ? 'All checks passed.' : `${failed} of ${steps.length} checks failed.`)
process.exitCode = failed === 0 ? 0 : 1
