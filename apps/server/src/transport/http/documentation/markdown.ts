/** The part of `docs/protocol.md` that is the contract itself: what is written by hand stands before it. */
import { formatNumber } from './notation.ts'
import { createReference, type OperationReference } from './reference.ts'

const begin = '<!-- From here on this page is generated: node scripts/protocol-page.ts -->'

/** The page with its generated part brought up to date. */
export function renderProtocolPage(page: string): string {
  const [narrative = ''] = page.split(begin, 1)
  return `${narrative.trimEnd()}\n\n${begin}\n\n${renderReference()}`
}

function renderReference(): string {
  const { operations, types, frames, events, problems, closeCodes, limits } = createReference()
  return [
    '## Operations',
    'A field with `?` may be left out. Every operation may also refuse with the problems of any request; see [problems](#problems).',
    table(['Operation', 'Input', 'Answer', 'Refuses with'], operations.map(operationRow)),
    '## Frames of the server',
    table(['Frame', 'Form', 'What it says'], frames.map(describedRow)),
    '## Events',
    table(['Kind', 'Data', 'What happened'], events.map(describedRow)),
    '## Types',
    table(
      ['Type', 'Form'],
      types.map(({ name, shape }) => [name, code(shape)]),
    ),
    '## Problems',
    table(
      ['Code', 'Status', 'Means', 'Retry'],
      problems.map(problem => [code(problem.code), String(problem.status), problem.title, problem.retry]),
    ),
    '## Close codes',
    table(
      ['Code', 'Why', 'Come back'],
      closeCodes.map(({ code: number, reason, comeBack }) => [String(number), reason, comeBack ? 'yes' : 'no']),
    ),
    '## Limits',
    table(
      ['Limit', 'Value', 'Counts'],
      limits.map(({ name, value, description }) => [code(name), formatNumber(value), description]),
    ),
    '',
  ].join('\n\n')
}

function operationRow({ name, summary, access, transport, input, output, problems }: OperationReference) {
  const where = transport === 'any' ? '' : ` *${transport} only.*`
  const who = access === 'public' ? ' *No sign-in needed.*' : ''
  const fields = input.map(field => `${field.name}${field.isRequired ? '' : '?'}: ${field.type}`)
  return [
    `${code(name)}<br>${summary}${where}${who}`,
    fields.length === 0 ? '' : code(`{ ${fields.join(', ')} }`),
    code(output),
    problems.map(code).join(', '),
  ]
}

function describedRow(row: { readonly name: string; readonly shape: string; readonly description: string }) {
  return [code(row.name), code(row.shape), row.description]
}

/** A bar inside a cell would end it, even inside code. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}
