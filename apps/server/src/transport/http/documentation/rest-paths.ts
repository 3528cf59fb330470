/** The REST mail API as OpenAPI: what is told of it in `/openapi.json`, and in short on the page. */
import { lengths } from '../../rest/fields.ts'

type Json = Readonly<Record<string, unknown>>

const tag = 'REST mail API'
const inJson = (schema: Json, example?: unknown) => ({
  'application/json': { schema, ...(example === undefined ? {} : { example }) },
})
const answer = (description: string, schema: Json) => ({ description, content: inJson(schema) })
const object = (properties: Record<string, Json>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
})
const integer = { type: 'integer' }
const text = { type: 'string' }
const bounded = ({ from, to }: { readonly from: number; readonly to: number }) => {
  return { ...text, minLength: from, maxLength: to }
}

const refusal = (description: string, detail: string) => ({
  description,
  content: inJson(object({ detail: text }), { detail }),
})
const invalid = answer('A field is missing or wrong: `loc` says which.', {
  ...object({
    detail: {
      type: 'array',
      items: object({ loc: { type: 'array', items: text }, msg: text, type: text }),
    },
  }),
})
const challenge = { 'WWW-Authenticate': { schema: { type: 'string', const: 'Bearer' } } }
const unauthenticated = {
  ...refusal('No token, or one that is not valid (any more).', 'Não foi possível validar as credenciais'),
  headers: challenge,
}

const user = object({ id: integer, username: text })
const messageProperties = {
  id: integer,
  sender_id: { ...integer, description: '0 for somebody outside' },
  recipient_id: {
    ...integer,
    description: 'The caller in the inbox; in the outbox the first person written to, 0 if none',
  },
  title: text,
  body: text,
  timestamp: { ...text, description: 'ISO 8601 in UTC with milliseconds: 2024-04-27T12:34:56.789Z' },
  is_read: { type: 'boolean' },
  sender_username: text,
}
const message = object(messageProperties)
const sentMessage = object({ ...messageProperties, recipient_username: text })

const credentials = object(
  {
    username: text,
    password: text,
    grant_type: { type: 'string', const: 'password' },
    scope: text,
    client_id: text,
    client_secret: text,
    otp: text,
  },
  ['username', 'password'],
)
const query = (name: string, fallback: number) => {
  return { name, in: 'query', schema: { ...integer, minimum: 0, default: fallback } }
}
const list = (operationId: string, summary: string, item: Json) => ({
  operationId,
  tags: [tag],
  summary,
  responses: { 200: answer('All of them, streamed.', { type: 'array', items: item }), 401: unauthenticated },
})

export const restPaths = {
  '/token': {
    post: {
      operationId: 'rest.token',
      tags: [tag],
      summary: 'Sign in by a form, or by `username` and `password` in the query.',
      security: [],
      requestBody: {
        required: true,
        content: {
          'application/x-www-form-urlencoded': { schema: credentials },
          'multipart/form-data': { schema: credentials },
        },
      },
      responses: {
        200: answer('A token.', object({ access_token: text, token_type: { type: 'string', const: 'bearer' } })),
        400: refusal('Wrong name or password.', 'Nome de usuário ou senha incorretos'),
        422: invalid,
      },
    },
  },
  '/users/': {
    post: {
      operationId: 'rest.createUser',
      tags: [tag],
      summary: 'Sign up.',
      security: [],
      requestBody: {
        required: true,
        content: inJson(object({ username: bounded(lengths.username), password: bounded(lengths.password) })),
      },
      responses: {
        200: answer('The new account.', user),
        400: refusal('The name is taken.', 'Nome de usuário já cadastrado'),
        403: refusal('Nobody may sign up.', 'O cadastro está fechado'),
        422: invalid,
      },
    },
    get: {
      ...list('rest.listUsers', 'List everybody else, by id.', user),
      parameters: [query('skip', 0), query('limit', 100)],
      responses: {
        200: answer('Those asked for.', { type: 'array', items: user }),
        401: unauthenticated,
        422: invalid,
      },
    },
  },
  '/messages/': {
    post: {
      operationId: 'rest.sendMessage',
      tags: [tag],
      summary: 'Send a mail to one account, at once.',
      requestBody: {
        required: true,
        content: inJson(object({ recipient_id: integer, title: bounded(lengths.title), body: bounded(lengths.body) })),
      },
      responses: {
        200: answer('The message, which is in the recipient’s inbox.', message),
        401: unauthenticated,
        404: refusal('There is no such account.', 'Destinatário não encontrado'),
        422: invalid,
      },
    },
  },
  '/messages/inbox/': { get: list('rest.inbox', 'List all mails that you received, oldest first.', message) },
  '/messages/outbox/': { get: list('rest.outbox', 'List all mails that you sent, oldest first.', sentMessage) },
  '/messages/{message_id}/read': {
    put: {
      operationId: 'rest.markAsRead',
      tags: [tag],
      summary: 'Mark a mail as read. Repeatable; each call is told on `/ws/`.',
      parameters: [{ name: 'message_id', in: 'path', required: true, schema: integer }],
      responses: {
        200: answer('Done.', object({ message: { type: 'string', const: 'Mensagem marcada como lida' } })),
        401: unauthenticated,
        404: refusal('Unknown, or not received by you.', 'Mensagem não encontrada ou não autorizada'),
        422: invalid,
      },
    },
  },
  '/ws/': {
    get: {
      operationId: 'rest.socket',
      tags: [tag],
      summary:
        'A WebSocket: `new_message` when a mail arrived, `unread_count_updated` on every call that marks one as read.',
      description:
        'Frames are `{"event": "new_message", "message": {"id", "sender_id", "sender_username", "title", "timestamp", ' +
        '"unread_count"}}` and `{"event": "unread_count_updated", "unread_count": 4}`. The handshake is accepted; ' +
        'then a token that is missing or not valid closes with 1008. What the client sends is ignored.',
      security: [],
      parameters: [{ name: 'token', in: 'query', required: true, schema: text }],
      responses: { 101: { description: 'The socket is open.' } },
    },
  },
}
