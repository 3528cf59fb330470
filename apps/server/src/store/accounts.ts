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

/** A session's row as the chain of its refresh tokens needs it: `generation` is that of the newest token given out. */
export interface RefreshState {
  readonly sessionId: SessionId
  readonly accountId: AccountId
  readonly seed: Uint8Array
  readonly generation: number
  readonly rotatedMicros: number
  readonly ended: boolean
}

export interface OthersRequest {
  readonly accountId: AccountId
  readonly after: number
  readonly skip: number
  readonly limit: number
}

/** What all nodes of an installation share and nobody else may know. */
export type SecretName = 'access-token' | 'refresh-token' | 'media-token'

/** Reads of the accounts family, and the writes that no reader waits for. */
export interface AccountStore {
  /** By e-mail address when `login` holds an `@`, which no username does; by username else. */
  findCredentials(login: string): Promise<CredentialsRow | null>
  findAccount(id: AccountId): Promise<Account | null>
  /** Those that exist, by id. */
  findPeople(ids: readonly AccountId[]): Promise<readonly Person[]>
  /** People of whom every word of `query` begins a word of name, username or e-mail address; by name, then id. */
  searchPeople(query: string, after: AccountId | null, limit: number): Promise<readonly Person[]>
  /** All but one, by id: after an id, and so many of them later. */
  listOthers(request: OthersRequest): Promise<readonly Pick<Person, 'id' | 'username'>[]>
  /** Whether this session of this account has not ended. */
  isSessionLive(accountId: AccountId, sessionId: SessionId): Promise<boolean>
  findRefreshState(sessionId: SessionId): Promise<RefreshState | null>
  /** Moves a live session's chain on if it still stands at `generation`; false when another request was faster. */
  rotateSession(sessionId: SessionId, generation: number, micros: number): Promise<boolean>
  /** Live sessions, newest first. */
  listSessions(accountId: AccountId, current: SessionId): Promise<readonly Session[]>
  /** Writes last-seen in one statement for all (L9); it never moves back. */
  recordLastSeen(rows: readonly { readonly accountId: AccountId; readonly micros: number }[]): Promise<void>
  /** The secret of this name: the one that is stored, else `candidate`, stored before it is answered. */
  loadSecret(name: SecretName, candidate: Uint8Array): Promise<Uint8Array>
}

/** Writes of the accounts family, inside a side-lane transaction that holds the account's stream (but for `insertAccount`). */
export interface AccountWrites {
  /** Refuses with the field that is taken; the first account of all becomes the administrator. */
  insertAccount(account: NewAccount): Promise<{ readonly account: Account } | { readonly taken: 'username' | 'email' }>
  /** `same` if it was so already. */
  setReadReceipts(accountId: AccountId, to: 'shown' | 'hidden'): Promise<'changed' | 'same'>
  /** `same` if it was so already. */
  setSignature(accountId: AccountId, to: string | null): Promise<'changed' | 'same'>
  insertSession(session: NewSession): Promise<RefreshState>
  /** Ends live sessions: one, all but one, or the oldest above a number. Answers with those that ended now. */
  endSessions(accountId: AccountId, which: SessionSelection): Promise<readonly SessionId[]>
}

export type SessionSelection =
  | { readonly only: SessionId }
  | { readonly except: SessionId }
  | { readonly newestKept: number }
