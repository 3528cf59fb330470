/** The writes of files that need more than one statement, each a short transaction of its own on the pool. */
import type { MediaId } from '@recado/protocol'
import type { Pool, PoolClient } from 'pg'
import type { CollectRequest, ContentPort, Findings, NewUpload, UploadBounds } from '../media.ts'

/** The first half of the key of an account's upload lock: 'medi'. */
const uploadLockSpace = 0x6d656469

export async function createUpload(
  pool: Pool,
  { id, accountId, name, length }: NewUpload,
  { quotaBytes, unfinished, keptMs }: UploadBounds,
): Promise<'created' | 'quota-reached' | 'too-many'> {
  return await inTransaction(pool, async client => {
    // Two accounts may share a lock; they only wait for each other.
    await client.query('select pg_advisory_xact_lock($1, ($2::bigint % 2147483647)::integer)', [
      uploadLockSpace,
      accountId,
    ])
    const { rows } = await client.query<{ bytes: number; unfinished: number }>(
      `select coalesce(sum(coalesce(bytes + coalesce(preview_bytes, 0), length)), 0)::bigint as bytes,
              count(*) filter (where state = 'uploading') as unfinished
         from media where account_id = $1 and state <> 'refused'`,
      [accountId],
    )
    const used = rows[0] ?? { bytes: 0, unfinished: 0 }
    if (used.unfinished >= unfinished) return 'too-many'
    if (used.bytes + length > quotaBytes) return 'quota-reached'
    await client.query(
      `with uploaded as (
         insert into media (id, account_id, state, name, length, created_micros)
         values ($1, $2, 'uploading', $3, $4, now_micros()) returning created_micros
       )
       insert into media_checks (media_id, due_micros) select $1, created_micros + $5::bigint * 1000 from uploaded`,
      [id, accountId, name, length, keptMs],
    )
    return 'created'
  })
}

export async function cancelMedia(pool: Pool, id: MediaId): Promise<boolean> {
  // What is ready may be on its way into a message: it is doomed like anything that nobody refers to.
  const { rowCount } = await pool.query(
    `with gone as (
       delete from media where id = $1 and state in ('uploading', 'refused') returning id
     ), doomed as (
       insert into media_checks (media_id, due_micros)
       select f.id, 0 from media f
        where f.id = $1 and f.state in ('ready', 'inspecting')
          and not exists (select from media_references r where r.media_id = f.id) returning media_id
     )
     select id from gone union all select media_id from doomed`,
    [id],
  )
  return rowCount === 1
}

export async function acceptMedia(
  pool: Pool,
  { id, findings, contents }: { readonly id: MediaId; readonly findings: Findings; readonly contents: ContentPort },
): Promise<'accepted' | 'content-missing' | 'gone'> {
  const { type, original, image } = findings
  const hashes = [...new Set(image === null ? [original.hash] : [original.hash, image.preview.hash])].sort()
  return await inTransaction(pool, async client => {
    for (const hash of hashes) {
      await client.query(
        'insert into contents (hash) values ($1) on conflict (hash) do update set hash = excluded.hash',
        [hash],
      )
      if (!(await contents.isStored(hash))) return 'content-missing'
    }
    const { rowCount } = await client.query(
      `update media set state = 'ready', type = $2, bytes = $3, hash = $4, width = $5, height = $6, placeholder = $7,
              preview_hash = $8, preview_bytes = $9
        where id = $1 and state = 'inspecting'`,
      [
        id,
        type,
        original.bytes,
        original.hash,
        image?.width ?? null,
        image?.height ?? null,
        image?.placeholder ?? null,
        image?.preview.hash ?? null,
        image?.preview.bytes ?? null,
      ],
    )
    if (rowCount === 1) return 'accepted'
    for (const hash of hashes) await releaseContent(client, hash, contents)
    return 'gone'
  })
}

interface CheckedRow {
  readonly state: 'uploading' | 'inspecting' | 'ready' | 'refused' | 'doomed'
  readonly hash: string | null
  readonly preview_hash: string | null
  readonly attached: boolean
}

export async function collectMedia(pool: Pool, request: CollectRequest): Promise<boolean> {
  return await inTransaction(pool, async client => {
    const { rows } = await client.query<{ id: number; media_id: MediaId }>(
      `select id, media_id from media_checks where due_micros <= $1 order by due_micros, id limit 1
          for update skip locked`,
      [request.nowMicros],
    )
    const [check] = rows
    if (check === undefined) return false
    await client.query('delete from media_checks where id = $1', [check.id])
    const found = await client.query<CheckedRow>(
      `select state, hash, preview_hash, exists (select from media_references r where r.media_id = f.id) as attached
         from media f where id = $1 for update`,
      [check.media_id],
    )
    if (found.rows[0] !== undefined) await settle(client, { ...request, id: check.media_id, row: found.rows[0] })
    return true
  })
}

async function settle(
  client: PoolClient,
  { id, row, nowMicros, doomedMs, contents }: CollectRequest & { readonly id: MediaId; readonly row: CheckedRow },
): Promise<void> {
  if (row.attached) {
    if (row.state === 'doomed') await client.query(`update media set state = 'ready' where id = $1`, [id])
  } else if (row.state === 'ready') {
    await client.query(`update media set state = 'doomed' where id = $1`, [id])
    await client.query('insert into media_checks (media_id, due_micros) values ($1, $2)', [
      id,
      nowMicros + doomedMs * 1_000,
    ])
  } else {
    await client.query('delete from media where id = $1', [id])
    const hashes = new Set([row.hash, row.preview_hash].filter(hash => hash !== null))
    for (const hash of [...hashes].sort()) await releaseContent(client, hash, contents)
  }
}

/** Under the content's lock: whoever stores the same again meanwhile waits, and then finds it missing. */
async function releaseContent(client: PoolClient, hash: string, contents: Pick<ContentPort, 'remove'>): Promise<void> {
  await client.query('select from contents where hash = $1 for update', [hash])
  const { rowCount } = await client.query('select from media where hash = $1 or preview_hash = $1 limit 1', [hash])
  if (rowCount !== 0) return
  await client.query('delete from contents where hash = $1', [hash])
  await contents.remove(hash)
}

async function inTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}
