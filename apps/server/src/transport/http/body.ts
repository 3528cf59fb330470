import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../../problem.ts'

/** JSON in UTF-8 is the only body that operations take; whatever else is sent is refused before it is looked at. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
    parseJson(body),
  )
}

function parseJson(body: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    return text === '' ? undefined : JSON.parse(text)
  } catch (cause) {
    throw new Refusal('invalid-input', { errors: [{ path: '', message: 'must be JSON in UTF-8' }] }, { cause })
  }
}
