import { randomBytes } from 'node:crypto'
import type { Account, AccountId, Person, Session, SessionId } from '@recado/protocol'
import type { ClientBase, Pool } from 'pg'
import { isoTime } from '../../clock.ts'
import type {
  AccountStore,
  AccountWrites,
  CredentialsRow,
  NewAccount,
  NewSession,
  RefreshState,
  SecretName,
  SessionSelection,
} from '../accounts.ts'
import { foldName, foldWords, sortName } from '../folding.ts'

type Queryable = Pick<Pool, 'query'> | Pick<ClientBase, 'query'>

export interface AccountRow {
  readonly id: AccountId
  readonly username: string
  readonly display_name: string
  readonly email: string | null
  readonly phone: string | null
  readonly language: string | null
  readonly role: Account['role']
  readonly read_receipts: boolean
  readonly signature: string | null
  readonly created_micros: number
}

interface PersonRow {
  readonly id: AccountId
  readonly username: string
  readonly display_name: string
  readonly last_seen_micros: number | null
}

interface SessionRow {
  readonly id: SessionId
  readonly account_id: AccountId
  readonly device: string
  readonly refresh_seed: Uint8Array
  readonly generation: number
  readonly rotated_micros: number
  readonly created_micros: number
  readonly ended_micros: number | null
}

export const accountColumns =
  'id, username, display_name, email, phone, language, role, read_receipts, signature, created_micros'
const personColumns = 'id, username, display_name, last_seen_micros'
const nowMicros = '(extract(epoch from clock_timestamp()) * 1000000)::bigint'
/** Held by the transaction that finds no account at all, so that of two first accounts one waits and sees the other. */
const firstAccountLock = [0x72656361, 0x66697273]
const refreshSeedBytes = 16

export function createAccountStore(pool: Queryable): AccountStore {
  return {
    findCredentials: login => findCredentials(pool, login),
    async findAccount(id) {
      const { rows } = await pool.query<AccountRow>(`select ${accountColumns} from accounts where id = $1`, [id])
      return rows[0] === undefined ? null : parseAccount(rows[0])
    },
    async findPeople(ids) {
      const { rows } = await pool.query<PersonRow>(
        `select ${personColumns} from accounts where id = any($1::bigint[]) order by id`,
        [ids],
      )
      return rows.map(parsePerson)
    },
    searchPeople: (query, after, limit) => searchPeople(pool, query, after, limit),
    async listOthers({ accountId, after, skip, limit }) {
      const { rows } = await pool.query<{ id: AccountId; username: string }>({
        name: 'list_other_accounts',
        text: 'select id, username from accounts where id > $2 and id <> $1 order by id offset $3 limit $4',
        values: [accountId, after, skip, limit],
      })
      return rows
    },
    async isSessionLive(accountId, sessionId) {
      const { rowCount } = await pool.query({
        name: 'session-live',
        text: 'select from sessions where id = $1 and account_id = $2 and ended_micros is null',
        values: [sessionId, accountId],
      })
      return rowCount === 1
    },
    async findRefreshState(sessionId) {
      const { rows } = await pool.query<SessionRow>('select * from sessions where id = $1', [sessionId])
      return rows[0] === undefined ? null : toRefreshState(rows[0])
    },
    async rotateSession(sessionId, generation, micros) {
      const { rowCount } = await pool.query(
        `update sessions set generation = generation + 1, rotated_micros = $3
         where id = $1 and generation = $2 and ended_micros is null`,
        [sessionId, generation, micros],
      )
      return rowCount === 1
    },
    async listSessions(accountId, current) {
      const { rows } = await pool.query<SessionRow>(
        'select * from sessions where account_id = $1 and ended_micros is null order by id desc',
        [accountId],
      )
      return rows.map(row => presentSession(row, current))
    },
    recordLastSeen: rows => recordLastSeen(pool, rows),
    loadSecret: (name, candidate) => loadSecret(pool, name, candidate),
  }
}

export function createAccountWrites(client: Queryable): AccountWrites {
  return {
    insertAccount: account => insertAccount(client, account),
    async setReadReceipts(accountId, to) {
      const { rowCount } = await client.query(
        'update accounts set read_receipts = $2 where id = $1 and read_receipts <> $2',
        [accountId, to === 'shown'],
      )
      return rowCount === 1 ? 'changed' : 'same'
    },
    async setSignature(accountId, to) {
      const { rowCount } = await client.query(
        'update accounts set signature = $2 where id = $1 and signature is distinct from $2',
        [accountId, to],
      )
      return rowCount === 1 ? 'changed' : 'same'
    },
    insertSession: session => insertSession(client, session),
    endSessions: (accountId, which) => endSessions(client, accountId, which),
  }
}

async function findCredentials(pool: Queryable, login: string): Promise<CredentialsRow | null> {
  const column = login.includes('@') ? 'email_folded' : 'username_folded'
  const { rows } = await pool.query<AccountRow & { readonly password_hash: string }>(
    `select ${accountColumns}, password_hash from accounts where ${column} = $1`,
    [foldName(login)],
  )
  const row = rows[0]
  return row === undefined ? null : { account: parseAccount(row), passwordHash: row.password_hash }
}

async function searchPeople(
  pool: Queryable,
  query: string,
  after: AccountId | null,
  limit: number,
): Promise<readonly Person[]> {
  const words = foldWords(query)
  if (words.length === 0 && query.trim() !== '') return []
  const conditions: string[] = []
  const values: unknown[] = [limit]
  if (words.length > 0) {
    values.push(prefixQuery(words))
    conditions.push(`search_words @@ $${values.length}::tsquery`)
  }
  if (after !== null) {
    values.push(after)
    conditions.push(`(sort_name, id) > (select sort_name, id from accounts where id = $${values.length})`)
  }
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
  const { rows } = await pool.query<PersonRow>(
    `select ${personColumns} from accounts ${where} order by sort_name, id limit $1`,
    values,
  )
  return rows.map(parsePerson)
}

/** A tsquery of quoted lexemes, so that nothing in a word is read as an operator. */
export function prefixQuery(words: readonly string[]): string {
  return words.map(word => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`).join(' & ')
}

async function recordLastSeen(
  pool: Queryable,
  rows: readonly { readonly accountId: AccountId; readonly micros: number }[],
): Promise<void> {
  if (rows.length === 0) return
  // Rows are locked by id first: two nodes that write overlapping batches never wait for each other in a circle.
  await pool.query(
    `with seen as (
       select id, max(micros) as micros from unnest($1::bigint[], $2::bigint[]) as t (id, micros) group by id
     ), locked as (
       select accounts.id from accounts join seen using (id) order by accounts.id for no key update of accounts
     )
     update accounts set last_seen_micros = greatest(accounts.last_seen_micros, seen.micros)
     from seen join locked using (id) where accounts.id = seen.id`,
    [rows.map(row => row.accountId), rows.map(row => row.micros)],
  )
}

async function loadSecret(pool: Queryable, name: SecretName, candidate: Uint8Array): Promise<Uint8Array> {
  await pool.query('insert into secrets (name, value) values ($1, $2) on conflict do nothing', [
    name,
    Buffer.from(candidate),
  ])
  const { rows } = await pool.query<{ value: Uint8Array }>('select value from secrets where name = $1', [name])
  if (rows[0] === undefined) throw new Error(`the secret ${name} was not stored`)
  return rows[0].value
}

async function insertAccount(
  client: Queryable,
  account: NewAccount,
): Promise<{ readonly account: Account } | { readonly taken: 'username' | 'email' }> {
  const role = (await isFirstAccount(client)) ? 'administrator' : 'member'
  const usernameFolded = foldName(account.username)
  const { rows } = await client.query<AccountRow>(
    `insert into accounts (username, username_folded, display_name, sort_name, email, email_folded, phone, language,
       role, password_hash, search_words, created_micros)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, array_to_tsvector($11::text[]), ${nowMicros})
     on conflict do nothing returning ${accountColumns}`,
    [
      account.username,
      usernameFolded,
      account.displayName,
      sortName(account.displayName),
      account.email,
      account.email === null ? null : foldName(account.email),
      account.phone,
      account.language,
      role,
      account.passwordHash,
      foldWords(account.displayName, account.username, account.email ?? ''),
    ],
  )
  if (rows[0] !== undefined) return { account: parseAccount(rows[0]) }
  const { rowCount } = await client.query('select from accounts where username_folded = $1', [usernameFolded])
  return { taken: rowCount === 0 ? 'email' : 'username' }
}

/** Looks again after the lock, in a statement of its own: only that sees what the lock waited for. */
async function isFirstAccount(client: Queryable): Promise<boolean> {
  if (await hasAccounts(client)) return false
  await client.query('select pg_advisory_xact_lock($1, $2)', firstAccountLock)
  return !(await hasAccounts(client))
}

async function hasAccounts(client: Queryable): Promise<boolean> {
  const { rowCount } = await client.query('select from accounts limit 1')
  return rowCount === 1
}

async function insertSession(client: Queryable, session: NewSession): Promise<RefreshState> {
  const { rows } = await client.query<SessionRow>(
    `insert into sessions (account_id, device, refresh_seed, rotated_micros, created_micros)
     select $1, $2, $3, now, now from (select ${nowMicros} as now) as clock returning *`,
    [session.accountId, session.device, randomBytes(refreshSeedBytes)],
  )
  if (rows[0] === undefined) throw new Error('an inserted session was not returned')
  return toRefreshState(rows[0])
}

async function endSessions(
  client: Queryable,
  accountId: AccountId,
  which: SessionSelection,
): Promise<readonly SessionId[]> {
  const [condition, value] = selectSessions(which)
  const { rows } = await client.query<{ id: SessionId }>(
    `update sessions set ended_micros = ${nowMicros}
     where account_id = $1 and ended_micros is null and ${condition} returning id`,
    [accountId, value],
  )
  return rows.map(row => row.id).sort((a, b) => a - b)
}

function selectSessions(which: SessionSelection): [condition: string, value: number] {
  if ('only' in which) return ['id = $2', which.only]
  if ('except' in which) return ['id <> $2', which.except]
  const kept = 'select id from sessions where account_id = $1 and ended_micros is null order by id desc limit $2'
  return [`id not in (${kept})`, which.newestKept]
}

export function parseAccount(row: AccountRow): Account {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    email: row.email,
    phone: row.phone,
    role: row.role,
    language: row.language,
    readReceipts: row.read_receipts,
    signature: row.signature,
    createdAt: isoTime(row.created_micros),
  }
}

function parsePerson(row: PersonRow): Person {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    lastSeenAt: row.last_seen_micros === null ? null : isoTime(row.last_seen_micros),
  }
}

function presentSession(row: SessionRow, current: SessionId): Session {
  return {
    id: row.id,
    device: row.device,
    createdAt: isoTime(row.created_micros),
    lastUsedAt: isoTime(row.rotated_micros),
    current: row.id === current,
  }
}

function toRefreshState(row: SessionRow): RefreshState {
  return {
    sessionId: row.id,
    accountId: row.account_id,
    seed: row.refresh_seed,
    generation: row.generation,
    rotatedMicros: row.rotated_micros,
    ended: row.ended_micros !== null,
  }
}
