import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startServer } from '@recado/testkit'
import { expect, test, vi } from 'vitest'
import { createNodeClient } from './index.ts'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

const patience = { timeout: 20_000 }

async function readBot(): Promise<string> {
  const readme = await readFile(join(packageFolder, 'README.md'), 'utf8')
  const [, code] = /## A bot that echoes\n\n```ts\n([^`]*(?:`[^`]+)*?)```/.exec(readme) ?? []
  if (!code) throw new Error('The README has no bot.')
  return code
}

/** As its own program, in a folder from which the package is found. */
async function runBot(env: Record<string, string>): Promise<AsyncDisposable> {
  const folder = await mkdtemp(join(packageFolder, 'bot-'))
  await writeFile(join(folder, 'bot.ts'), await readBot())
  const bot: ChildProcess = spawn(process.execPath, [join(folder, 'bot.ts')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return {
    [Symbol.asyncDispose]: async () => {
      if (bot.exitCode === null) {
        bot.kill('SIGTERM')
        await once(bot, 'exit')
      }
      await rm(folder, { recursive: true })
    },
  }
}

test('the bot of the README echoes', { timeout: 60_000 }, async () => {
  await using server = await startServer()
  const url = server.url
  const account = createNodeClient({ url })
  await account.signUp({ username: 'echo', password: 'correct horse', displayName: 'Echo' })
  await account.signOut()
  await using ana = createNodeClient({ url })
  await ana.signUp({ username: 'ana', password: 'correct horse', displayName: 'Ana' })
  await using _bot = await runBot({ RECADO_URL: url, BOT_LOGIN: 'echo', BOT_PASSWORD: 'correct horse' })
  await ana.caughtUp()
  const [found] = await ana.searchPeople('echo')
  if (!found) throw new Error('The bot cannot be found.')
  const { id: conversationId } = await ana.openDirect(found.id)
  const handle = ana.conversation(conversationId)
  handle.subscribe(() => undefined)
  const shown = () => handle.getSnapshot().items.filter(item => item.type === 'message')
  // Once it has taken delivery of one message it hears all that follow.
  await ana.send({ conversationId, body: 'Is anybody there?' })
  await vi.waitFor(() => expect(shown()[0]?.deliveredCount).toBe(1), patience)
  await ana.send({ conversationId, body: 'Hello' })
  await vi.waitFor(() => expect(shown().filter(item => item.message.body === 'Hello')).toHaveLength(2), patience)
  const [said, echoed] = shown().filter(item => item.message.body === 'Hello')
  expect(echoed?.message).toMatchObject({ authorId: found.id, replyTo: said?.message.sequence })
})
