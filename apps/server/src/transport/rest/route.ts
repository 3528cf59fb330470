/** What the routes of the mail API are added to and made of. */
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import type { Dispatch } from '../dispatch.ts'
import { answerWithin } from '../http/answer-within.ts'

export interface RestOptions {
  readonly context: Pick<Context, 'tokens' | 'store' | 'clock' | 'log' | 'logger'>
  readonly dispatch: Dispatch
}

export interface RestRoutes extends RestOptions {
  readonly app: FastifyInstance
}

/** Whatever its type, a body is taken as bytes: it is the route that says what is wrong with it. */
export interface BodyOf {
  Body: Buffer | undefined
}

export function runWithin<Result>({ clock }: Pick<Context, 'clock'>, work: Promise<Result>): Promise<Result> {
  return answerWithin(clock, work)
}
