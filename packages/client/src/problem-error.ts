import { createProblem, type Problem, type ProblemCode, type ProblemDetails } from '@recado/protocol'

/** An expected refusal: carries the wire object, whose `code` and `retry` decide what to do. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail ? `${problem.title} ${problem.detail}` : problem.title, options)
    this.problem = problem
  }

  get code(): ProblemCode {
    return this.problem.code
  }
}

/** A refusal that the client itself gives, in the server's form. */
export function refuse(code: ProblemCode, details: ProblemDetails = {}, options?: ErrorOptions): ProblemError {
  return new ProblemError(createProblem(code, details), options)
}
