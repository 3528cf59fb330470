/**
 * What nodes tell each other. Everything on it is a hint (L4): losing any of it, or all, loses nothing.
 *
 * Guarantees: a payload arrives at most once at each subscription, in the order of one publisher on one subject, and
 * never inside the call that published it. A handler that throws harms neither the publisher nor another handler.
 * A publisher that subscribes hears itself. Payloads are JSON values and are not changed after publishing.
 */
export interface Bus extends AsyncDisposable {
  publish(subject: BusSubject, payload: unknown): void
  /** Resolves once what is published from now on arrives. The returned function ends it. */
  subscribe(subject: BusSubject, handle: (payload: unknown) => void): Promise<() => void>
}

export type BusSubject = 'presence' | 'typing' | 'log'
