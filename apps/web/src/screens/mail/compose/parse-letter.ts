/**
 * A letter's HTML as a document that is never shown: inert, so nothing in it loads or runs. The page's policy lets no text become
 * HTML but by a named policy; this is the one for letters.
 */
interface HtmlPolicy {
  createHTML(html: string): string
}

interface PolicyFactory {
  createPolicy(name: string, rules: HtmlPolicy): HtmlPolicy
}

let policy: HtmlPolicy | null = null

function trust(html: string): string {
  const { trustedTypes } = window as { trustedTypes?: PolicyFactory }
  policy ??= trustedTypes?.createPolicy('recado-letter', { createHTML: text => text }) ?? { createHTML: text => text }
  return policy.createHTML(html)
}

export function parseLetter(html: string): HTMLElement {
  return new DOMParser().parseFromString(trust(html), 'text/html').body
}
