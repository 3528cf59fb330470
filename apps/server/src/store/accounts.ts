import type { Account, AccountId, Person, Session, SessionId } from '@recado/protocol'

export interface CredentialsRow {
  readonly account: Account
  /** argon2id in PHC string format. */
  readonly passwordHash: string
}

export interface NewAccount {
  readonly username: string
  readonly displayName: string
  readonly email: string | null
  readonly phone: string | null
  readonly language: string | null
  readonly passwordHash: string
}

export interface NewSession {
  readonly accountId: AccountId
  readonly device: string
}

/** Where a session's chain of refresh tokens stands: `generation` is that of the newest token given out. */
export interface RefreshState {
  readonly accountId: AccountId
  readonly generation: number
  readonly rotatedMicros: number
  readonly ended: boolean
}

/** Reads of the accounts family. */
export interface AccountStore {
  findCredentials(login: string): Promise<CredentialsRow | null>
  findAccount(id: AccountId): Promise<Account | null>
  findPeople(ids: readonly AccountId[]): Promise<readonly Person[]>
  searchPeople(
    query: string,
    after: { readonly name: string; readonly id: number } | null,
    limit: number,
  ): Promise<readonly Person[]>
  /** Whether this session of this account has not ended. */
  isSessionLive(accountId: AccountId, sessionId: SessionId): Promise<boolean>
  findRefreshState(sessionId: SessionId): Promise<RefreshState | null>
  /** Moves the chain on if it still stands at `generation`; false when another request was faster. */
  rotateSession(sessionId: SessionId, generation: number): Promise<boolean>
  listSessions(accountId: AccountId, current: SessionId): Promise<readonly Session[]>
  /** Writes last-seen in one statement for all (L9). */
  recordLastSeen(rows: readonly { readonly accountId: AccountId; readonly micros: number }[]): Promise<void>
}

/** Writes of the accounts family, inside a side-lane transaction that holds the account's stream (but for `insertAccount`). */
export interface AccountWrites {
  /** Refuses with the field that is taken; the first account of all becomes the administrator. */
  insertAccount(account: NewAccount): Promise<{ readonly account: Account } | { readonly taken: 'username' | 'email' }>
  insertSession(session: NewSession): Promise<SessionId>
  /** Ends live sessions: one, or all but one. Answers with those that ended now. */
  endSessions(
    accountId: AccountId,
    which: { readonly only: SessionId } | { readonly except: SessionId },
  ): Promise<readonly SessionId[]>
}
