/** The documentation as one page of plain HTML: it has to work under a policy that runs no script and loads nothing. */
import { createProblem } from '@recado/protocol'
import { formatNumber, namedSchemas } from './notation.ts'
import { createReference, type Field, type OperationReference, type Reference } from './reference.ts'
import { restPaths } from './rest-paths.ts'

const stylesheet = '/docs/style.css'
const typeNames = new RegExp(`\\b(${[...namedSchemas.keys()].join('|')})\\b`, 'g')

export function renderDocumentation(): string {
  const reference = createReference()
  const sections = [
    section('start', 'How to begin', introduction),
    section('operations', 'Operations', reference.operations.map(renderOperation).join('')),
    section('socket', 'The socket', renderSocket(reference)),
    section('events', 'Events', describedTable(['Kind', 'Data', 'What happened'], 'event', reference.events)),
    section('types', 'Types', renderTypes(reference)),
    section('rest', 'The REST mail API', renderRest()),
    section('problems', 'Problems', renderProblems(reference)),
    section('close-codes', 'Close codes', renderCloseCodes(reference)),
    section('limits', 'Limits', renderLimits(reference)),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Recado · API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${stylesheet}">
</head>
<body>
<nav aria-label="Contents">${renderContents(reference)}</nav>
<main>
<h1>Recado’s API</h1>
${sections.join('\n')}
</main>
</body>
</html>
`
}

const introduction = `
<p>Every operation is <code>POST /v1/&lt;operation&gt;</code> with its input as JSON, and a request of the same name on
the socket <code>/v1/socket</code>. Sign in with <a href="#session.create"><code>session.create</code></a> and send its
<code>accessToken</code> as <code>Authorization: Bearer …</code>; it lives for minutes, and
<a href="#session.refresh"><code>session.refresh</code></a> gives the next one. What happens arrives on the socket, or for
scripts at <code>GET /v1/events</code> as Server-Sent Events.</p>
<pre><code>curl -s http://localhost:8080/v1/session.create -H 'content-type: application/json' \\
  -d '{"login":"ana","password":"correct horse battery"}'</code></pre>
<p>Ids are integers below 2<sup>53</sup>, times ISO 8601 in UTC with milliseconds. Machines read
<a href="/openapi.json">/openapi.json</a>.</p>`

function renderContents({ operations }: Reference): string {
  const groups = Object.groupBy(operations, ({ name }) => name.split('.', 1)[0] ?? name)
  const links = Object.entries(groups).map(
    ([group, members = []]) =>
      `<li>${escapeHtml(group)}<ul>${members.map(({ name }) => item(name, name)).join('')}</ul></li>`,
  )
  const rest = { socket: 'The socket', events: 'Events', types: 'Types', problems: 'Problems' }
  const more = { rest: 'The REST mail API', 'close-codes': 'Close codes', limits: 'Limits' }
  const others = Object.entries({ ...rest, ...more }).map(([id, title]) => item(id, title))
  return `<ul>${item('start', 'How to begin')}${links.join('')}${others.join('')}</ul>`
}

function item(id: string, title: string): string {
  return `<li><a href="#${id}">${escapeHtml(title)}</a></li>`
}

function section(id: string, title: string, content: string): string {
  return `<section id="${id}"><h2>${escapeHtml(title)}</h2>${content}</section>`
}

function renderOperation(operation: OperationReference): string {
  const { name, summary, access, transport, effect, output, problems, example } = operation
  const marks = [
    access === 'public' ? 'no sign-in needed' : 'signed in',
    effect === 'write' ? 'writes' : 'reads',
    ...(transport === 'any' ? [] : [`${transport} only`]),
  ]
  return `<article id="${name}">
<h3><code>${name}</code></h3>
<p class="marks">${marks.join(' · ')}</p>
<p>${prose(summary)}</p>
${renderFields(operation.input)}
<p>Answers ${code(output)}${problems.length === 0 ? '.' : `, or refuses with ${problems.map(linkProblem).join(', ')}.`}</p>
<details><summary>Example</summary><div class="pair">${json('Request', example.input)}${json('Answer', example.output)}</div></details>
</article>`
}

function renderFields(fields: readonly Field[]): string {
  if (fields.length === 0) return '<p>Takes nothing.</p>'
  const rows = fields.map(({ name, type, isRequired, bounds }) => [
    `<code>${escapeHtml(name)}</code>${isRequired ? '' : ' <small>optional</small>'}`,
    code(type),
    prose(bounds),
  ])
  return table(['Input', 'Type', 'Bounds'], rows)
}

function renderSocket({ requestFrame, frames }: Reference): string {
  return `<p>JSON text frames at <code>/v1/socket</code>. A client sends ${code(requestFrame)}; the first is
<a href="#session.resume"><code>session.resume</code></a>. Each is answered once by
${code('{ type: "reply", id, result }')} or ${code('{ type: "reply", id, problem }')}. In between the server sends:</p>
${describedTable(['Frame', 'Form', 'What it says'], 'frame', frames)}`
}

function renderTypes({ types }: Reference): string {
  return table(
    ['Type', 'Form'],
    types.map(({ name, shape }) => [`<code id="type-${name}">${name}</code>`, code(shape)]),
  )
}

function renderRest(): string {
  const rows = Object.entries(restPaths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, responses }]) => [
      code(`${method.toUpperCase()} ${path}`),
      prose(summary),
      Object.entries<{ readonly description: string }>(responses)
        .map(([status, { description }]) => `<code>${status}</code> ${prose(description)}`)
        .join('<br>'),
    ]),
  )
  return `<p>An older API over the same accounts and mails, for clients that were written for it. A token of
<code>POST /token</code> goes into <code>Authorization: Bearer …</code>. Refusals are <code>{"detail": …}</code>: a text, or
for fields that are wrong a list with their <code>loc</code>. The forms are in <code>/openapi.json</code>.</p>
${table(['Method, path', 'Does', 'Answers'], rows)}${json('A message', exampleMessage)}${json('On the socket', exampleEvent)}`
}

const exampleMessage = {
  id: 120,
  sender_id: 2,
  recipient_id: 3,
  title: 'Reunião',
  body: 'Às nove, no cais 4.',
  timestamp: '2024-04-27T12:34:56.789Z',
  is_read: false,
  sender_username: 'ana',
}

const exampleEvent = {
  event: 'new_message',
  message: {
    id: 120,
    sender_id: 2,
    sender_username: 'ana',
    title: 'Reunião',
    timestamp: '2024-04-27T12:34:56.789Z',
    unread_count: 4,
  },
}

function renderProblems({ problems }: Reference): string {
  const rows = problems.map(({ code: name, status, title, retry }) => [
    `<code id="problem-${name}">${name}</code>`,
    String(status),
    escapeHtml(title),
    `<code>${retry}</code>`,
  ])
  return `<p>A refusal is <code>application/problem+json</code> (RFC 9457), on the socket the same object in a reply.
<code>retry</code> tells a program what to do: <code>never</code>, <code>same</code> (not written, or unknown: send the
same again), <code>after</code> (the same, once <code>retryAfterMs</code> has passed).</p>
${table(['Code', 'Status', 'Means', 'Retry'], rows)}${json('A refused input', exampleProblem)}`
}

const exampleProblem = createProblem('invalid-input', {
  errors: [{ path: '/username', message: 'must not hold an @' }],
})

function renderCloseCodes({ closeCodes }: Reference): string {
  const rows = closeCodes.map(({ code: number, reason, comeBack }) => [
    `<code>${number}</code>`,
    escapeHtml(reason),
    comeBack ? 'yes, with back-off' : 'no',
  ])
  return `<p>The range decides: 4000–4499 come back, 4500–4999 do not by themselves.</p>
${table(['Code', 'Why', 'Come back'], rows)}`
}

function renderLimits({ limits }: Reference): string {
  const rows = limits.map(({ name, value, description }) => [
    `<code>${name}</code>`,
    formatNumber(value),
    prose(description),
  ])
  return table(['Limit', 'Value', 'Counts'], rows)
}

function describedTable(
  heads: readonly string[],
  prefix: string,
  rows: readonly { readonly name: string; readonly shape: string; readonly description: string }[],
): string {
  return table(
    heads,
    rows.map(({ name, shape, description }) => [
      `<code id="${prefix}-${name}">${escapeHtml(name)}</code>`,
      code(shape),
      prose(description),
    ]),
  )
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map(text => `<th scope="col">${escapeHtml(text)}</th>`).join('')
  const body = rows.map(cells => `<tr>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`).join('')
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

function json(title: string, value: object): string {
  return `<figure><figcaption>${escapeHtml(title)}</figcaption><pre tabindex="0"><code>${escapeHtml(JSON.stringify(value, null, 2))}</code></pre></figure>`
}

/** A type, its named parts linked to where they are explained. */
function code(type: string): string {
  return `<code>${escapeHtml(type).replace(typeNames, '<a href="#type-$1">$1</a>')}</code>`
}

function linkProblem(name: string): string {
  return `<a href="#problem-${name}"><code>${name}</code></a>`
}

/** A sentence in which code stands between backticks. */
function prose(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
