/**
 * Which sign-in this client shows: begins and ends them, one after the other, and follows what other tabs do. All tabs of a
 * device show the same one, the last that was made; what an earlier one left unsent waits for its person.
 */
import type { AccountId, ConversationId, Grant } from '@recado/protocol'
import type { Settlement } from '../cache/rows.ts'
import type { EngineOptions } from '../engine/core.ts'
import type { EventListeners } from '../engine/listeners.ts'
import type { Cancel, Ports, TabMessage } from '../ports.ts'
import type { SavedSession, SignedOutReason, SignOutOptions, SignOutOutcome } from '../types.ts'
import type { Calls } from './calls.ts'
import { forget, SignedIn } from './signed-in.ts'
import { nothingLeft, Unsent } from './unsent.ts'
import { within } from './within.ts'

/** How sign-ins begin and end is serialised by this lock, so that two tabs do not open and delete the same cache at once. */
const sessionLock = 'recado-session'

/** Away from the network one signs out of this device all the same, and soon. */
const signOutPatienceMs = 3_000

export interface SignInsOwner {
  changed(conversationId?: ConversationId): void
  began(signedIn: SignedIn): void
  over(reason: SignedOutReason): void
}

export interface SignInsStart {
  readonly ports: Ports
  readonly options: EngineOptions
  readonly listeners: EventListeners
  readonly calls: Calls
  readonly owner: SignInsOwner
}

export class SignIns {
  readonly #start: SignInsStart
  readonly #ports: Ports
  readonly #unsent: Unsent
  readonly #stopTabs: Cancel
  #current: SignedIn | null = null
  #last: Promise<unknown> = Promise.resolve()
  #state: 'open' | 'closed' = 'open'

  constructor(start: SignInsStart) {
    this.#start = start
    this.#ports = start.ports
    this.#unsent = new Unsent(start.ports.caches)
    this.#stopTabs = start.ports.tabs?.listen(message => this.#heard(message)) ?? (() => undefined)
  }

  get current(): SignedIn | null {
    return this.#current
  }

  /** The one kept on this device; whether there is one. */
  resume(): Promise<boolean> {
    return this.#inTurn(async () => {
      if (!this.#current) await this.#join('none')
      return this.#current !== null
    })
  }

  /** Somebody has just signed in, perhaps over a sign-in that lives: that one ends, and loses nothing. */
  enter(grant: Grant): Promise<void> {
    return this.#inTurn(async () => {
      const { account, sessionId, refreshToken } = grant
      const saved = { account, sessionId, refreshToken }
      const before = this.#current
      this.#current = null
      await before?.settle('kept')
      const { locks, sessions, tabs } = this.#ports
      await locks.exclusive(sessionLock, async () => {
        const other = await sessions.load().catch(() => null)
        const replaced = other && other.sessionId !== before?.saved.sessionId ? other : null
        if (replaced) await this.#unsent.settle(replaced, 'kept', nothingLeft)
        await sessions.save(saved).catch(() => undefined)
        for (const ended of [before?.saved, replaced]) if (ended) void forget(this.#ports, ended)
        await this.#begin(saved, grant)
      })
      tabs?.post({ kind: 'signed-in' })
      this.#start.owner.changed()
    })
  }

  async signOut({ unsent }: SignOutOptions): Promise<SignOutOutcome> {
    const signedIn = this.#current
    if (!signedIn) return { signedOut: true }
    const waiting = unsent === 'ask' ? await signedIn.countUnsent() : 0
    if (waiting > 0) return { signedOut: false, unsent: waiting }
    const { clock, tabs } = this.#ports
    // A sign-in that is asked for from here on comes after it: it would take over what is to be thrown away.
    await this.#inTurn(async () => {
      // While it can still be renewed: the server is told last, so that it does not end here what is to be ended so.
      await within(clock, signOutPatienceMs, signedIn.tokens.access('any'))
      if (this.#current === signedIn) this.#current = null
      // What was written after the question was asked is not what was asked about.
      const how = unsent === 'discard' ? 'discarded' : 'kept'
      tabs?.post({ kind: 'signing-out', database: signedIn.database, unsent: how })
      await signedIn.settle(how)
      await forget(this.#ports, signedIn.saved)
      if (!this.#current) this.#start.owner.over('signed-out')
    })
    await within(clock, signOutPatienceMs, this.#start.calls.call(signedIn, 'session.end', {}))
    return { signedOut: true }
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    this.#stopTabs()
    const signedIn = this.#current
    this.#current = null
    await signedIn?.close()
  }

  /** One after the other. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** Begins the one that is kept on this device, if there is one. */
  async #join(otherwise: SignedOutReason): Promise<void> {
    const { locks, sessions } = this.#ports
    let reason = otherwise
    await locks.exclusive(sessionLock, async () => {
      const saved = await sessions.load().catch(() => null)
      if (saved && !(await this.#begin(saved, null))) reason = 'session-ended'
    })
    const { owner } = this.#start
    if (this.#current) owner.changed()
    else owner.over(reason)
  }

  /** Whether it is there to be begun. */
  async #begin(saved: SavedSession, grant: Grant | null): Promise<boolean> {
    const { ports, options, listeners, owner } = this.#start
    const signedIn = await SignedIn.begin(
      {
        ...{ ports, options, listeners, saved, unsent: this.#unsent },
        owner: {
          changed: id => owner.changed(id),
          ended: (who, reason) => this.#ended(who, reason),
          leftLate: ({ id }) => this.#takeLeft(id),
        },
      },
      grant,
    )
    if (this.#state === 'closed') await signedIn?.close()
    else if (signedIn) {
      this.#current = signedIn
      owner.began(signedIn)
    }
    return signedIn !== null
  }

  /** Another tab may have made a sign-in meanwhile; and one whose cache the browser took away begins again. */
  #ended(signedIn: SignedIn, reason: SignedOutReason): void {
    if (this.#current !== signedIn) return
    this.#current = null
    void this.#inTurn(async () => {
      if (!this.#current && this.#state === 'open') await this.#join(reason)
    })
  }

  #takeLeft(accountId: AccountId): void {
    void this.#inTurn(async () => {
      if (this.#current?.saved.account.id === accountId) await this.#current.takeLeft()
    })
  }

  #heard(message: TabMessage): void {
    if (message.kind === 'signed-in') void this.#inTurn(() => this.#follow())
    else if (message.kind === 'signing-out') void this.#inTurn(() => this.#letGo(message.database, message.unsent))
    else if (this.#current?.database === message.database) void this.#current.engine.reload()
  }

  /** Another tab has signed in: so does this one, if it has not. */
  async #follow(): Promise<void> {
    const saved = await this.#ports.sessions.load().catch(() => null)
    const before = this.#current
    if (!saved || before?.saved.sessionId === saved.sessionId || this.#state === 'closed') return
    this.#current = null
    if (before) {
      await before.settle('kept')
      this.#start.owner.over('session-ended')
      await forget(this.#ports, before.saved)
    }
    await this.#join('session-ended')
  }

  async #letGo(database: string, unsent: Settlement): Promise<void> {
    const signedIn = this.#current
    if (signedIn?.database !== database) return
    this.#current = null
    await signedIn.letGo(unsent)
    this.#start.owner.over('signed-out')
  }
}
