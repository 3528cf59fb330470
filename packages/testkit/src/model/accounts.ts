/** Accounts and sessions, compared and found as the folding rules say. */
import type { Account, AccountId, Person, Session, SessionId } from '@recado/protocol'
import { isoTime } from '@recado/server/clock.ts'
import type {
  AccountStore,
  AccountWrites,
  NewAccount,
  NewSession,
  RefreshState,
  SessionSelection,
} from '@recado/server/store/accounts.ts'
import { foldName, foldWords, sortName } from '@recado/server/store/folding.ts'
import type { ModelDatabase, ModelTransaction } from './database.ts'
import type { AccountRow, SessionRow } from './tables.ts'

/** Runs a piece of work at the database as one call. */
export type Call = <Result>(work: () => Result) => Promise<Result>

export function createAccountStore(database: ModelDatabase, call: Call): AccountStore {
  return {
    findCredentials: login => call(() => findCredentials(database, login)),
    findAccount: id =>
      call(() => {
        const row = database.get('accounts', id)
        return row === undefined ? null : presentAccount(row)
      }),
    findPeople: ids =>
      call(() =>
        database
          .find('accounts', row => ids.includes(row.id))
          .sort((a, b) => a.id - b.id)
          .map(presentPerson),
      ),
    searchPeople: (query, after, limit) => call(() => searchPeople(database, query, after, limit)),
    listOthers: ({ accountId, after, skip, limit }) =>
      call(() =>
        database
          .find('accounts', row => row.id !== accountId && row.id > after)
          .sort((a, b) => a.id - b.id)
          .slice(skip, skip + limit)
          .map(({ id, username }) => ({ id, username })),
      ),
    isSessionLive: (accountId, sessionId) =>
      call(() => {
        const row = database.get('sessions', sessionId)
        return row?.accountId === accountId && row.endedMicros === null
      }),
    findRefreshState: sessionId =>
      call(() => {
        const row = database.get('sessions', sessionId)
        return row === undefined ? null : presentState(row)
      }),
    rotateSession: (sessionId, generation, micros) =>
      call(() => {
        const row = database.get('sessions', sessionId)
        if (row === undefined || row.generation !== generation || row.endedMicros !== null) return false
        database.tables.sessions.set(`${sessionId}`, { ...row, generation: generation + 1, rotatedMicros: micros })
        return true
      }),
    listSessions: (accountId, current) =>
      call(() =>
        database
          .find('sessions', row => row.accountId === accountId && row.endedMicros === null)
          .sort((a, b) => b.id - a.id)
          .map(row => presentSession(row, current)),
      ),
    recordLastSeen: rows =>
      call(() => {
        for (const { accountId, micros } of rows) {
          const row = database.get('accounts', accountId)
          if (row === undefined || (row.lastSeenMicros ?? 0) >= micros) continue
          database.tables.accounts.set(`${accountId}`, { ...row, lastSeenMicros: micros })
        }
      }),
    loadSecret: (name, candidate) =>
      call(() => {
        const row = database.get('secrets', name) ?? { name, value: candidate }
        database.tables.secrets.set(name, row)
        return row.value
      }),
  }
}

function findCredentials(database: ModelDatabase, login: string) {
  const folded = foldName(login)
  const column = login.includes('@') ? 'emailFolded' : 'usernameFolded'
  const [row] = database.find('accounts', candidate => candidate[column] === folded)
  return row === undefined ? null : { account: presentAccount(row), passwordHash: row.passwordHash }
}

function searchPeople(database: ModelDatabase, query: string, after: AccountId | null, limit: number): Person[] {
  const words = foldWords(query)
  if (words.length === 0 && query.trim() !== '') return []
  const found = database
    .find('accounts', row => words.every(word => row.words.some(known => known.startsWith(word))))
    .sort(byName)
  const place = after === null ? undefined : database.get('accounts', after)
  const rest = after === null ? found : found.filter(row => place !== undefined && byName(row, place) > 0)
  return rest.slice(0, limit).map(presentPerson)
}

/** By code point, as the builtin locale compares. */
function byName(a: AccountRow, b: AccountRow): number {
  const [first, second] = [Buffer.from(a.sortName), Buffer.from(b.sortName)]
  return Buffer.compare(first, second) || a.id - b.id
}

export function createAccountWrites(transaction: ModelTransaction, call: Call): AccountWrites {
  return {
    async insertAccount(account) {
      const usernameFolded = foldName(account.username)
      const emailFolded = account.email === null ? null : foldName(account.email)
      await call(() => undefined)
      await transaction.lock('first account', `username ${usernameFolded}`, `email ${emailFolded}`)
      return insertAccount(transaction, { account, usernameFolded, emailFolded })
    },
    setReadReceipts: (accountId, to) =>
      call(() => {
        const row = transaction.get('accounts', accountId)
        const readReceipts = to === 'shown'
        if (row === undefined || row.readReceipts === readReceipts) return 'same'
        transaction.put('accounts', { ...row, readReceipts })
        return 'changed'
      }),
    setSignature: (accountId, signature) =>
      call(() => {
        const row = transaction.get('accounts', accountId)
        if (row === undefined || row.signature === signature) return 'same'
        transaction.put('accounts', { ...row, signature })
        return 'changed'
      }),
    insertSession: session => call(() => insertSession(transaction, session)),
    endSessions: (accountId, which) => call(() => endSessions(transaction, accountId, which)),
  }
}

function insertAccount(
  transaction: ModelTransaction,
  { account, usernameFolded, emailFolded }: { account: NewAccount; usernameFolded: string; emailFolded: string | null },
): { readonly account: Account } | { readonly taken: 'username' | 'email' } {
  const id = transaction.database.nextNumber('streams') as AccountId
  const { username, displayName, email, phone, language, passwordHash } = account
  const everybody = transaction.find('accounts', () => true)
  if (everybody.some(row => row.usernameFolded === usernameFolded)) return { taken: 'username' }
  if (emailFolded !== null && everybody.some(row => row.emailFolded === emailFolded)) return { taken: 'email' }
  const row: AccountRow = {
    id,
    username,
    displayName,
    email,
    phone,
    language,
    passwordHash,
    role: everybody.length === 0 ? 'administrator' : 'member',
    readReceipts: true,
    signature: null,
    usernameFolded,
    emailFolded,
    sortName: sortName(displayName),
    words: foldWords(displayName, username, email ?? ''),
    createdMicros: transaction.database.micros(),
    lastSeenMicros: null,
  }
  transaction.insert('accounts', row)
  return { account: presentAccount(row) }
}

const seedBytes = 16

function insertSession(transaction: ModelTransaction, { accountId, device }: NewSession): RefreshState {
  const id = transaction.database.nextNumber('sessions') as SessionId
  const now = transaction.database.micros()
  const row: SessionRow = {
    id,
    accountId,
    device,
    // What the real one draws at random: here it only has to differ.
    seed: new Uint8Array(seedBytes).fill(id % 256),
    generation: 1,
    rotatedMicros: now,
    createdMicros: now,
    endedMicros: null,
  }
  transaction.insert('sessions', row)
  return presentState(row)
}

function endSessions(transaction: ModelTransaction, accountId: AccountId, which: SessionSelection): SessionId[] {
  const live = transaction
    .find('sessions', row => row.accountId === accountId && row.endedMicros === null)
    .sort((a, b) => b.id - a.id)
  const ended = live.filter((row, place) => {
    if ('only' in which) return row.id === which.only
    if ('except' in which) return row.id !== which.except
    return place >= which.newestKept
  })
  for (const row of ended) transaction.put('sessions', { ...row, endedMicros: transaction.database.micros() })
  return ended.map(row => row.id).sort((a, b) => a - b)
}

export function presentAccount(row: AccountRow): Account {
  const { id, username, displayName, email, phone, role, language, readReceipts, signature } = row
  return {
    id,
    username,
    displayName,
    email,
    phone,
    role,
    language,
    readReceipts,
    signature,
    createdAt: isoTime(row.createdMicros),
  }
}

export function presentPerson({ id, username, displayName, lastSeenMicros }: AccountRow): Person {
  return { id, username, displayName, lastSeenAt: lastSeenMicros === null ? null : isoTime(lastSeenMicros) }
}

function presentSession(row: SessionRow, current: SessionId): Session {
  return {
    id: row.id,
    device: row.device,
    createdAt: isoTime(row.createdMicros),
    lastUsedAt: isoTime(row.rotatedMicros),
    current: row.id === current,
  }
}

function presentState(row: SessionRow): RefreshState {
  const { id, accountId, seed, generation, rotatedMicros, endedMicros } = row
  return { sessionId: id, accountId, seed, generation, rotatedMicros, ended: endedMicros !== null }
}
