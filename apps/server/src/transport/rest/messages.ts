/** `POST /messages/`, `GET /messages/inbox/`, `GET /messages/outbox/` and `PUT /messages/{id}/read`. */
import { randomUUID } from 'node:crypto'
import type { AccountId, MailId, OperationOutput } from '@recado/protocol'
import type { FastifyRequest } from 'fastify'
import { readMails } from '../../access/mail-lists.ts'
import { deliverNow } from '../../operations/deliver-now.ts'
import type { Caller } from '../../operations/handler.ts'
import { Refusal } from '../../problem.ts'
import { requireCaller } from './caller.ts'
import { Fields, jsonFields, lengths } from './fields.ts'
import { presentReceived, presentSent } from './message.ts'
import { refusals } from './refusals.ts'
import { type BodyOf, type RestRoutes, runWithin } from './route.ts'
import { sendList } from './stream-list.ts'

interface NewMessage {
  readonly recipientId: AccountId
  readonly title: string
  readonly body: string
}

const callerOf = Symbol('the caller')
interface Known {
  [callerOf]?: Caller
}

export function addMessageRoutes(routes: RestRoutes): void {
  const { app, context, dispatch } = routes
  // Before the body is read: who may not call learns nothing of what is wrong with it.
  app.addHook('onRequest', async (request: FastifyRequest & Known) => {
    request[callerOf] = await requireCaller(request, context)
  })

  app.post<BodyOf>('/messages/', async (request, reply) => {
    const message = readMessage(request)
    return reply.send(await runWithin(context, send(routes, message, knownCaller(request))))
  })

  app.get('/messages/inbox/', async (request, reply) => {
    const { accountId } = knownCaller(request)
    return await sendList(reply, readMails(context.store, { accountId, box: 'received' }), presentReceived)
  })

  app.get('/messages/outbox/', async (request, reply) => {
    const { accountId } = knownCaller(request)
    return await sendList(reply, readMails(context.store, { accountId, box: 'sent' }), presentSent)
  })

  app.put<BodyOf & { Params: { message_id: string } }>('/messages/:message_id/read', async (request, reply) => {
    const fields = new Fields('path', new Map(Object.entries(request.params)))
    const id = fields.wholeNumber('message_id', { from: Number.NEGATIVE_INFINITY })
    fields.requireNone()
    await runWithin(context, markAsRead({ dispatch }, id as MailId, knownCaller(request)))
    return reply.send({ message: 'Mensagem marcada como lida' })
  })
}

function knownCaller(request: FastifyRequest): Caller {
  const caller = (request as FastifyRequest & Known)[callerOf]
  if (caller === undefined) throw new Error('a request of the mail API has no caller')
  return caller
}

function readMessage(request: FastifyRequest<BodyOf>): NewMessage {
  const fields = jsonFields(request.body, request.headers['content-type'])
  const recipientId = fields.wholeNumber('recipient_id', { from: Number.NEGATIVE_INFINITY }) as AccountId
  const title = fields.text('title', lengths.title)
  const body = fields.text('body', lengths.body)
  fields.requireNone()
  return { recipientId, title, body }
}

/** At once, without a moment to take it back, and answered once it is in the recipient's inbox. */
async function send({ context, dispatch }: RestRoutes, message: NewMessage, caller: Caller) {
  const { recipientId, title, body } = message
  if (recipientId < 1) throw refusals.unknownRecipient()
  const input = { clientMessageId: randomUUID(), to: [{ accountId: recipientId }], subject: title, text: body }
  const [sent, me] = await Promise.all([
    dispatch('mail.send', input, caller).catch(refuseMessage) as Promise<OperationOutput<'mail.send'>>,
    dispatch('account.get', {}, caller) as Promise<OperationOutput<'account.get'>>,
  ])
  await deliverNow(context, { mailId: sent.id, recipientId })
  return {
    id: sent.id,
    sender_id: caller.accountId,
    recipient_id: recipientId,
    title,
    body,
    timestamp: sent.sentAt ?? sent.createdAt,
    is_read: false,
    sender_username: me.username,
  }
}

function refuseMessage(error: unknown): never {
  if (!(error instanceof Refusal)) throw error
  if (error.problem.code === 'unknown-recipient') throw refusals.unknownRecipient()
  if (error.problem.code !== 'invalid-input') throw error
  // PostgreSQL keeps neither NUL nor half of a character.
  const invalid = (error.problem.errors ?? []).map(({ path, message }) => {
    return { loc: ['body', path === '/subject' ? 'title' : 'body'], msg: message, type: 'value_error' }
  })
  throw refusals.invalid(invalid)
}

/** Tells the reader's connections each time, also where it had been read already. */
async function markAsRead({ dispatch }: Pick<RestRoutes, 'dispatch'>, mailId: MailId, caller: Caller): Promise<void> {
  if (mailId < 1) throw refusals.unknownMessage()
  try {
    const { entry } = (await dispatch('mail.get', { mailId }, caller)) as OperationOutput<'mail.get'>
    if (!entry.received) throw refusals.unknownMessage()
    const change = { mailIds: [mailId], key: randomUUID(), read: true, tell: 'always' }
    await dispatch('mailbox.update', change, caller)
  } catch (error) {
    throw error instanceof Refusal && error.problem.code === 'not-found' ? refusals.unknownMessage() : error
  }
}
