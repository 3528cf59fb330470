/**
 * Full text over the mails that this device keeps, with or without a network: by subject and body, or by what lists show of a
 * mail whose body is not here. The same words, phrases and operators as on the server.
 */
import type { Mail, MailHeader, MailId } from '@recado/protocol'
import { findRanges, fold, matches, parseQuery, type TextRange } from '../search/fold.ts'
import { narrowMails } from '../search/narrowing.ts'
import type { MailContext } from './context.ts'
import { compareMails } from './entries.ts'
import type { MailHit, MailSearchResult } from './mail-api.ts'

const hitsInAll = 100
/** Read at once; others have their turn in between. */
const bodiesAtOnce = 200

export async function searchMails(context: MailContext, text: string): Promise<MailSearchResult> {
  const narrowing = narrowMails(text, context.core.model)
  const { unknown, beyond } = narrowing
  const query = parseQuery(narrowing.words)
  const result = (hits: readonly MailHit[], state: MailSearchResult['state']) => ({ hits, state, unknown, beyond })
  if ((query.length === 0 && !narrowing.narrows) || unknown.length + beyond.length > 0) return result([], 'complete')
  const sorted = [...context.headers.all()].map(header => context.wishes.over(header)).sort(compareMails)
  const hits: MailHit[] = []
  for (let at = 0; at < sorted.length; at += bodiesAtOnce) {
    const headers = sorted.slice(at, at + bodiesAtOnce)
    const bodies = await readBodies(context, headers)
    for (const header of headers) {
      const body = bodies.get(header.id) ?? null
      const words = body?.text ?? header.preview
      const whole = `${header.subject}\n${words}`
      if ((query.length > 0 && !matches(fold(whole), query)) || !narrowing.allows(header, body)) continue
      if (hits.length === hitsInAll) return result(hits, 'limited')
      const ranges = query.length > 0 ? findRanges(whole, query) : []
      hits.push({ header, text: words, ...share(ranges, header.subject.length + 1) })
    }
  }
  return result(hits, 'complete')
}

async function readBodies({ core }: MailContext, headers: readonly MailHeader[]): Promise<ReadonlyMap<MailId, Mail>> {
  const read = core.writer.transact(cache =>
    cache.read(['mailBodies'], rows => Promise.all(headers.map(({ id }) => rows.get('mailBodies', id)))),
  )
  const found = (await core.guard(read)) ?? []
  return new Map(found.flatMap(body => (body ? [[body.id, body] as const] : [])))
}

/** Those before the text are the subject's. */
function share(ranges: readonly TextRange[], textAt: number): Pick<MailHit, 'subjectRanges' | 'ranges'> {
  return {
    subjectRanges: ranges.filter(([, to]) => to < textAt),
    ranges: ranges.filter(([from]) => from >= textAt).map(([from, to]) => [from - textAt, to - textAt] as const),
  }
}
