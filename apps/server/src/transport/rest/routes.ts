/**
 * The REST mail API (docs/rest.md): an older, smaller API at the root of the server, over the same accounts, mails and
 * operations as everything else. Here is only its form: paths, fields, words.
 */
import type { FastifyInstance, FastifyPluginCallback } from 'fastify'
import { addAccountRoutes } from './accounts.ts'
import { addMessageRoutes } from './messages.ts'
import { answerWithRefusals } from './refusals.ts'
import type { RestOptions } from './route.ts'

/** A body whose every character is written as `\uXXXX` is six times as long as what it says. */
const bodyLimitBytes = 2 * 1024 * 1024

export async function addRestRoutes(root: FastifyInstance, options: RestOptions): Promise<void> {
  for (const addRoutes of [addAccountRoutes, addMessageRoutes]) {
    const scope: FastifyPluginCallback = (app, _options, done) => {
      answerWithRefusals(app, options.context.logger)
      app.removeAllContentTypeParsers()
      app.addContentTypeParser(
        '*',
        { parseAs: 'buffer', bodyLimit: bodyLimitBytes },
        async (_: unknown, body: Buffer) => body,
      )
      app.addHook('onRequest', async (_request, reply) => {
        reply.header('cache-control', 'no-store')
      })
      addRoutes({ ...options, app })
      done()
    }
    await root.register(scope)
  }
}
