export type EmbeddedPostgresProblem =
  | 'folder-in-use'
  | 'other-major-version'
  | 'no-binaries'
  | 'cannot-run'
  | 'did-not-start'

/** Why the embedded database cannot run, in words for whoever started the server. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly problem: EmbeddedPostgresProblem

  constructor(problem: EmbeddedPostgresProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.problem = problem
  }
}
