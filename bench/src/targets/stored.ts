/**
 * Reads the database afterwards: of every sender all acknowledged numbers, each once, in the order sent, and nothing
 * that was never sent. One statement, whatever was stored.
 */
import type pg from 'pg'
import type { Acknowledged } from '../driver/job.ts'

/** `relation` yields conversation, position (the order within it) and body of all stored messages. */
function statement(relation: string): string {
  return `
    with marked as (
      select conversation, position,
        split_part(split_part(body, '~', 2), '.', 1)::int as sender,
        split_part(split_part(body, '~', 2), '.', 2)::int as number
      from (${relation}) as stored where body like '~%'
    ), ordered as (
      select conversation, sender, number,
        lag(number) over (partition by conversation, sender order by position) as previous
      from marked
    )
    select conversation, sender, count(*)::int as stored, count(distinct number)::int as different,
      max(number) as highest, (count(*) filter (where number < previous))::int as overtaken
    from ordered group by conversation, sender`
}

export async function checkStored(
  client: pg.Client,
  relation: string,
  acknowledged: readonly Acknowledged[],
): Promise<string[]> {
  const { rows } = await client.query(statement(relation))
  const found = new Map(rows.map(row => [`${row.conversation} ${row.sender}`, row]))
  const failures: string[] = []
  for (const { conversation, sender, count } of acknowledged) {
    const key = `${conversation} ${sender}`
    const row = found.get(key)
    found.delete(key)
    const where = `of ${count} acknowledged by sender ${sender} in conversation ${conversation}`
    const stored = row?.stored ?? 0
    if (stored !== count) failures.push(`${stored} ${where} are stored`)
    else if (count > 0 && (row.different !== count || row.highest !== count - 1))
      failures.push(`some ${where} are doubled`)
    if (row && row.overtaken > 0) failures.push(`${row.overtaken} ${where} overtook an earlier one`)
  }
  for (const key of found.keys()) failures.push(`messages of an unknown conversation and sender are stored: ${key}`)
  return failures.slice(0, 20)
}
