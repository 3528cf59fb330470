/**
 * `GET /v1/mails/<id>/body`: a mail's body as a document of its own, for a frame of the app. What is stored was sanitised; this is
 * the second wall, whose policy holds whatever the first let through: nothing runs, nothing is sent, and nothing is loaded from
 * outside but pictures, and those only when asked for (`remote=1`).
 *
 * The frame keeps the origin, so that the app can measure it and show where a link leads. That gives the letter nothing: without
 * `allow-scripts` there is nobody in it who could use an origin, here nor where the address is opened by itself.
 *
 * It is an address and not a `srcdoc`, because that would stand under the policy of the app and not under one of its own.
 */
import type { Mail, MailId } from '@recado/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { requireMail } from '../../access/mail.ts'
import type { Context } from '../../context.ts'
import { refuse } from '../../problem.ts'
import { requireReader } from './addressed-reader.ts'

type BodyRequest = FastifyRequest<{ Params: { id: string }; Querystring: Record<string, unknown> }>

const choices = { remote: ['0', '1'], theme: ['light', 'dark'] } as const

export function addMailBodyRoute(
  app: FastifyInstance,
  context: Pick<Context, 'tokens' | 'store' | 'addressTokens'>,
): void {
  app.get('/mails/:id/body', async (request: BodyRequest, reply) => {
    const mailId = requireId(request.params.id)
    const reader = await requireReader(request, context, { bodyOf: mailId })
    const remote = chosen(request, 'remote')
    const theme = chosen(request, 'theme')
    const mail = await requireMail(context.store, reader, mailId)
    return reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policyWith(remote === '1' ? 'data: http: https:' : 'data:'),
        'cache-control': 'private, no-store',
        vary: 'Origin, Authorization',
      })
      .send(renderBody(mail, theme))
  })
}

/** One that is not written as ids are is nobody's. */
function requireId(text: string): MailId {
  const id = Number(text)
  return /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(id) ? (id as MailId) : refuse('not-found')
}

/** The first is what counts where nothing is said. */
function chosen<Name extends keyof typeof choices>({ query }: BodyRequest, name: Name): (typeof choices)[Name][number] {
  const known: readonly (typeof choices)[Name][number][] = choices[name]
  const [first] = choices[name]
  const said = query[name] ?? first
  return known.find(choice => choice === said) ?? refuse('invalid-input', `${name} is ${known.join(' or ')}.`)
}

function policyWith(pictures: string): string {
  return [
    'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
    "default-src 'none'",
    `img-src ${pictures}`,
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ')
}

const paper = `body{margin:0;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
img{max-width:100%;height:auto}table{max-width:100%}
blockquote{margin:.5em 0 .5em .25em;padding-left:.75em;border-left:2px solid #8886}
pre{white-space:pre-wrap}a{color:#06c}`
const light = 'html{color-scheme:light;background:#fff;color:#1b1b1b}'
/** A light sheet on a dark desk has a margin of its own. */
const sheet = `${light}body{margin:1rem}`
const dark = 'html{color-scheme:dark;background:transparent;color:#e8e8e8}a{color:#7cb7ff}'
/** Who chose colours chose them for white paper. */
const ownColours = /\b(?:color|background-color|bgcolor|border[a-z-]*)\s*[=:]/i

function renderBody({ html, text }: Mail, theme: 'light' | 'dark'): string {
  const isPainted = html !== null && ownColours.test(html)
  const look = theme === 'light' ? light : isPainted ? sheet : dark
  const body = html ?? `<pre style="font:inherit;margin:0">${escapeHtml(text)}</pre>`
  return `<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><style>${paper}${look}</style></head><body>${body}</body></html>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, char => `&#${char.charCodeAt(0)};`)
}
