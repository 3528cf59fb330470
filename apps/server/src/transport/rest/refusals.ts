/** How the mail API refuses: a status and a `detail`, in the words that its clients compare. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Logger } from '../../logger.ts'
import { Refusal } from '../../problem.ts'
import { toRefusal } from '../dispatch.ts'

/** One field that is wrong: where it stands in the request, and why. */
export interface InvalidField {
  readonly loc: readonly string[]
  readonly msg: string
  readonly type: string
}

export class DetailRefusal extends Error {
  readonly status: number
  readonly detail: string | readonly InvalidField[]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    detail: string | readonly InvalidField[],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(typeof detail === 'string' ? detail : 'the request is not valid')
    this.name = 'DetailRefusal'
    this.status = status
    this.detail = detail
    this.headers = headers
  }
}

const challenge = { 'www-authenticate': 'Bearer' }

export const refusals = {
  notAuthenticated: () => new DetailRefusal(401, 'Not authenticated', challenge),
  wrongToken: () => new DetailRefusal(401, 'Não foi possível validar as credenciais', challenge),
  wrongCredentials: () => new DetailRefusal(400, 'Nome de usuário ou senha incorretos'),
  usernameTaken: () => new DetailRefusal(400, 'Nome de usuário já cadastrado'),
  registrationClosed: () => new DetailRefusal(403, 'O cadastro está fechado'),
  unknownRecipient: () => new DetailRefusal(404, 'Destinatário não encontrado'),
  unknownMessage: () => new DetailRefusal(404, 'Mensagem não encontrada ou não autorizada'),
  invalid: (fields: readonly InvalidField[]) => new DetailRefusal(422, fields),
}

const general: Readonly<Record<number, string>> = {
  413: 'Requisição grande demais',
  429: 'Muitas tentativas; tente novamente mais tarde',
  500: 'Erro interno do servidor',
  503: 'Serviço temporariamente indisponível',
  507: 'Não há mais espaço no servidor',
}

/** For the routes of the mail API. */
export function answerWithRefusals(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof DetailRefusal) return send(reply, error)
    return send(reply, translate(error, request.routeOptions.url ?? 'rest', logger))
  })
}

function translate(error: unknown, route: string, logger: Logger): DetailRefusal {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  if (!(error instanceof Refusal) && status >= 400 && status < 500) {
    return new DetailRefusal(status, general[status] ?? 'Requisição inválida')
  }
  const { problem } = toRefusal(error, route, logger)
  const { retryAfterMs } = problem
  const headers = retryAfterMs === undefined ? {} : { 'retry-after': `${Math.ceil(retryAfterMs / 1000)}` }
  return new DetailRefusal(problem.status, general[problem.status] ?? problem.title, headers)
}

function send(reply: FastifyReply, { status, headers, detail }: DetailRefusal): FastifyReply {
  return reply.status(status).headers(headers).send({ detail })
}
