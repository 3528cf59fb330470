/** Addresses in messages: which of them become links, and what has to be said beside a link so that it cannot lie. */

export interface Address {
  readonly href: string
  /** Where it leads in truth, as the browser reads it: look-alike letters as punycode, numbers as an IP address. */
  readonly host: string
  /** Whether the address as written says that host itself. */
  readonly honest: boolean
}

/** Web and mail only; null for whatever else it is. */
export function readAddress(written: string): Address | null {
  if (!/^(?:https?:\/\/|mailto:)[^\s]/iu.test(written) || !URL.canParse(written)) return null
  const url = new URL(written)
  if (url.protocol === 'mailto:') {
    return url.pathname === '' ? null : { href: url.href, host: url.pathname, honest: true }
  }
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.host === '') return null
  return { href: url.href, host: url.host, honest: saysHost(written, url) }
}

function saysHost(written: string, url: URL): boolean {
  const authority = /^https?:\/\/([^/?#\\]*)/iu.exec(written)?.[1] ?? ''
  const port = url.protocol === 'https:' ? ':443' : ':80'
  const plain = authority.toLowerCase().endsWith(port) ? authority.slice(0, -port.length) : authority
  return url.username === '' && url.password === '' && plain.toLowerCase() === url.host
}

/** Whether a link's words are its address, with or without its scheme: then nothing has to be added to them. */
export function isSameAddress(words: string, address: Address): boolean {
  const bare = (text: string) =>
    text
      .trim()
      .replace(/^(?:https?:\/\/|mailto:)/iu, '')
      .replace(/\/$/u, '')
  return address.honest && bare(words) === bare(address.href)
}

/** Punctuation after an address belongs to the sentence, and so does a closing bracket that the address did not open. */
export function trimAddress(address: string): string {
  let open = 0
  for (const character of address) open += character === '(' ? 1 : character === ')' ? -1 : 0
  let end = address.length
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? ''
    if (last === ')' && open < 0) open += 1
    else if (!/[.,;:!?…*_~]/u.test(last)) break
  }
  return address.slice(0, end)
}

const turns = /[\u202A-\u202E\u2066-\u2069]/gu
const hidden = /[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu

function name(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
}

/** Marks that turn the direction of what follows, made visible: in the words of a link they would show another address. */
export function showTurns(text: string): string {
  return text.replace(turns, name)
}

/** All that is there and cannot be seen, made visible: code must read as it runs. */
export function showHidden(text: string): string {
  return text.replace(hidden, name)
}
