import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from './root.js'

const standIn = `
setInterval(() => {}, 1000)
process.on('SIGTERM', () => process.exit(7))
console.log('ready ' + process.pid)
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'recado-launcher-'))
  writeFileSync(join(folder, 'stand-in.js'), standIn)
  const become = JSON.stringify(join(root, 'scripts/become.js'))
  const args = JSON.stringify([join(folder, 'stand-in.js')])
  writeFileSync(
    join(folder, 'start.mjs'),
    `import { become } from ${become}\nprocess.exitCode = await become(${args})\n`,
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts the stand-in for the server through the launcher; resolves with its process id once it runs. */
async function start(program: string, args: string[], npmCommand: string): Promise<[ChildProcess, number]> {
  const child = spawn(program, args, {
    env: { ...process.env, npm_command: npmCommand },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output] = await once(child.stdout, 'data')
  return [child, Number(/ready (\d+)/.exec(String(output))?.[1])]
}

const isAlive = (pid: number) => spawnSync('kill', ['-0', String(pid)]).status === 0

test('the launcher becomes the server, and its exit code is the server’s', async () => {
  const [child, serverPid] = await start(process.execPath, [join(folder, 'start.mjs')], 'run')
  expect(serverPid).toBe(child.pid)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([7, null])
})

test('where it cannot become the server it passes signals and exit code on', async () => {
  const [child, serverPid] = await start(process.execPath, [join(folder, 'start.mjs')], 'exec')
  expect(serverPid).not.toBe(child.pid)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([7, null])
  expect(isAlive(serverPid)).toBe(false)
})

test('a shell between npx and the launcher that dies takes the server with it', async () => {
  const script = `"$0" "$1"; true`
  const [shell, serverPid] = await start('sh', ['-c', script, process.execPath, join(folder, 'start.mjs')], 'exec')
  shell.kill('SIGKILL')
  await once(shell, 'exit')
  await expect.poll(() => isAlive(serverPid), { timeout: 10_000 }).toBe(false)
})

test('an unknown command is refused with the list of commands', () => {
  const { status, stderr } = spawnSync(join(root, 'recado'), ['dance'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('there is no command "dance"')
  expect(stderr).toContain('start')
})
