/** `POST /token`, `POST /users/` and `GET /users/`. */
import { type Grant, limits, type OperationOutput } from '@recado/protocol'
import type { FastifyRequest } from 'fastify'
import { readOthers } from '../../access/mail-lists.ts'
import type { Visitor } from '../../operations/handler.ts'
import { Refusal } from '../../problem.ts'
import { requireCaller } from './caller.ts'
import { Fields, formValues, jsonFields, lengths, queryFields, queryValues } from './fields.ts'
import { refusals } from './refusals.ts'
import { type BodyOf, type RestRoutes, runWithin } from './route.ts'
import { sendList } from './stream-list.ts'

/** What the list of one's sessions shows. */
const device = 'REST mail API'

export function addAccountRoutes({ app, context, dispatch }: RestRoutes): void {
  app.post<BodyOf>('/token', async (request, reply) => {
    const { login, password } = await readCredentials(request)
    const work = dispatch('session.create', { login, password, device }, visitorOf(request))
    const grant = (await runWithin(context, work.catch(refuseCredentials))) as Grant
    return reply.send({ access_token: grant.accessToken, token_type: 'bearer' })
  })

  app.post<BodyOf>('/users/', async (request, reply) => {
    const fields = jsonFields(request.body, request.headers['content-type'])
    const username = fields.text('username', lengths.username)
    const password = fields.text('password', lengths.password)
    fields.requireNone()
    const visitor = visitorOf(request)
    const displayName = [...username].slice(0, limits.displayNameLength).join('')
    const work = dispatch('account.create', { username, password, displayName }, visitor)
    const created = (await runWithin(
      context,
      work.catch(error => refuseAccount(error, fields)),
    )) as OperationOutput<'account.create'>
    const { account, sessionId } = created
    // Signing up signs in as well; nobody is told of that session here.
    await runWithin(context, dispatch('session.end', {}, { ...visitor, accountId: account.id, sessionId }))
    return reply.send({ id: account.id, username: account.username })
  })

  app.get('/users/', async (request, reply) => {
    const { accountId } = await requireCaller(request, context)
    const fields = queryFields(request.query)
    const skip = fields.wholeNumber('skip', { from: 0, fallback: 0 })
    const limit = fields.wholeNumber('limit', { from: 0, fallback: 100 })
    fields.requireNone()
    return await sendList(reply, readOthers(context.store, { accountId, skip, limit }), person => person)
  })
}

function visitorOf(request: FastifyRequest): Visitor {
  return { address: request.ip, connection: null }
}

/** From the form, or where it says nothing, from the address. */
async function readCredentials(request: FastifyRequest<BodyOf>): Promise<{ login: string; password: string }> {
  const contentType = request.headers['content-type']
  const isJson = contentType !== undefined && /json/i.test(contentType)
  const given = isJson ? new Map<string, unknown>() : queryValues(request.query)
  const form = await formValues(request.body, contentType)
  const fields = new Fields('body', new Map([...given, ...form].filter(([, value]) => value !== '')))
  const login = fields.text('username', lengths.attempt)
  const password = fields.text('password', lengths.attempt)
  if (fields.has('grant_type') && fields.text('grant_type', lengths.attempt) !== 'password') {
    fields.refuse('grant_type', 'Deve ser password')
  }
  fields.requireNone()
  return { login, password }
}

/** What no account can be called, or have as its password, is as wrong as any other. */
function refuseCredentials(error: unknown): never {
  const code = error instanceof Refusal ? error.problem.code : null
  throw code === 'wrong-credentials' || code === 'invalid-input' ? refusals.wrongCredentials() : error
}

function refuseAccount(error: unknown, fields: Fields): never {
  if (!(error instanceof Refusal)) throw error
  const { code, errors = [] } = error.problem
  if (code === 'username-taken') throw refusals.usernameTaken()
  if (code === 'forbidden') throw refusals.registrationClosed()
  if (code !== 'invalid-input') throw error
  for (const { path, message } of errors) fields.refuse(path === '/password' ? 'password' : 'username', message)
  fields.requireNone()
  throw error
}
