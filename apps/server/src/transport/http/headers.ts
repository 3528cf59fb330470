/**
 * What every answer tells a browser not to do. Documents get a policy that runs no script but files of this server, no
 * inline ones and none from strings; everything else may load and do nothing at all.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'

const hostForm = /^[a-z0-9.-]+(?::\d+)?$|^\[[0-9a-f:]+\](?::\d+)?$/i
/**
 * The policies by which the app may hand text to the browser: to name its service worker, to parse the letter that is being
 * written into a document that is never shown, and the editor's own for what is pasted. No other code can make one.
 */
const trustedTypesPolicies = 'recado recado-letter ProseMirrorClipboard'

const common = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

export function addSecurityHeaders(app: FastifyInstance, config: Pick<Config, 'publicUrl'>): void {
  const transport = config.publicUrl?.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ ...common, ...transport })
  })
}

/** Marks the answer as a document of the server: the web app's page, or the documentation. */
export function allowDocument(request: FastifyRequest, reply: FastifyReply): void {
  const host = request.headers.host ?? ''
  // Older browsers do not count a socket to the same host as 'self'. A Host header that is no host stays out of ours.
  const sockets = hostForm.test(host) ? ` ws://${host} wss://${host}` : ''
  reply.header(
    'content-security-policy',
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "media-src 'self' blob:",
      "font-src 'self'",
      `connect-src 'self'${sockets}`,
      "worker-src 'self'",
      // The body of a mail, which has a policy of its own.
      "frame-src 'self'",
      "manifest-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      `trusted-types ${trustedTypesPolicies}`,
    ].join('; '),
  )
}
