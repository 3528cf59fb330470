/**
 * A part of the app that is loaded when it is first needed could not be: there is no connection and the part is not on this
 * device, or the server has another build by now. Loading the page again brings that one.
 */
export class PartMissingError extends Error {
  override readonly name = 'PartMissingError'
  /** Forgets the failure, so that the next rendering tries again. */
  readonly forget: () => void

  constructor(cause: unknown, forget: () => void) {
    super('A part of the app could not be loaded.', { cause })
    this.forget = forget
  }
}
