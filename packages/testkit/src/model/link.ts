/** The way between a node and the database, where a test puts what can go wrong. */

/**
 * What becomes of one call: it is answered; it never arrives; it is done but the answer is lost; or the connection
 * breaks and it is done later, unless somebody ends the connection's backend before.
 */
export type Fate = 'answered' | 'lost' | 'done-unheard' | 'done-later'

export interface Link {
  /** Resolves when what was sent has arrived, either way. */
  travel(): Promise<void>
  fate(call: 'read' | 'statement' | 'commit' | 'connect'): Fate
}

/** Everything arrives, at once. */
export const calmLink: Link = { travel: () => Promise.resolve(), fate: () => 'answered' }

/** What `pg` says when a connection breaks. */
export function connectionBroken(): Error {
  return new Error('Connection terminated unexpectedly')
}
