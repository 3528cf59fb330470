import { createProblem, type Problem, type ProblemCode, type ProblemDetails } from '@recado/protocol'

/** An expected refusal on its way to the caller. Everything else that is thrown is a bug or an outage. */
export class Refusal extends Error {
  readonly problem: Problem

  constructor(code: ProblemCode, details: ProblemDetails = {}, options?: ErrorOptions) {
    super(details.detail ?? code, options)
    this.name = 'Refusal'
    this.problem = createProblem(code, details)
  }
}

export function refuse(code: ProblemCode, detail?: string): never {
  throw new Refusal(code, detail === undefined ? {} : { detail })
}
