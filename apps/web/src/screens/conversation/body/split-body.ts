/** A message's text cut into what is shown differently: plain text, addresses of the web, and mentions of members. */
import { readAddress, trimAddress } from './address.ts'

export type BodyPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `text` is the address as written; `hint` the host it truly leads to, where the text does not say it. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly hint: string | null }
  | { readonly kind: 'mention'; readonly text: string; readonly username: string }

const web = String.raw`\bhttps?:\/\/[^\s<>"'\u0060\[\]\u202A-\u202E\u2066-\u2069]+`
const mail = String.raw`(?<![\w.+@-])[\w.+-]{1,64}@[a-z\d](?:[a-z\d-]{0,62}\.)+[a-z]{2,24}\b`
const mention = String.raw`(?<![\p{L}\p{N}_@])@(?<name>[^\s@]{1,255})`
/** Every repetition is bounded or begins where nothing before it could have begun: linear in the text. */
const pattern = new RegExp(`(?<web>${web})|(?<mail>${mail})|${mention}`, 'giu')
const sticky = new RegExp(pattern.source, 'iuy')

export function splitBody(body: string, mentioned: ReadonlySet<string>): readonly BodyPart[] {
  const parts: BodyPart[] = []
  let done = 0
  for (const match of body.matchAll(pattern)) {
    const part = toPart(match.groups ?? {}, mentioned)
    if (!part) continue
    if (match.index > done) parts.push({ kind: 'text', text: body.slice(done, match.index) })
    parts.push(part)
    done = match.index + part.text.length
  }
  if (done < body.length) parts.push({ kind: 'text', text: body.slice(done) })
  return parts
}

/** The part that begins exactly here, if one does. For parsers that come by anyway. */
export function findPartAt(body: string, at: number, mentioned: ReadonlySet<string>): BodyPart | null {
  sticky.lastIndex = at
  const match = sticky.exec(body)
  return match ? toPart(match.groups ?? {}, mentioned) : null
}

function toPart(groups: Record<string, string | undefined>, mentioned: ReadonlySet<string>): BodyPart | null {
  const { web: address, mail: mailbox, name } = groups
  if (address !== undefined) {
    const text = trimAddress(address)
    const read = readAddress(text)
    return read && { kind: 'link', text, href: read.href, hint: read.honest ? null : read.host }
  }
  if (mailbox !== undefined) return { kind: 'link', text: mailbox, href: `mailto:${mailbox}`, hint: null }
  const username = name === undefined ? null : findMention(name, mentioned)
  return username === null || name === undefined
    ? null
    : { kind: 'mention', text: `@${name.slice(0, username.length)}`, username }
}

/** The longest mentioned username that `name` begins with, not followed by more of a word: "@ana," mentions "ana". */
export function findMention(name: string, mentioned: ReadonlySet<string>): string | null {
  if (mentioned.size === 0) return null
  for (let end = name.length; end > 0; end -= 1) {
    const rest = name[end]
    if (rest !== undefined && /[\p{L}\p{N}_]/u.test(rest)) continue
    const candidate = name.slice(0, end).toLowerCase()
    if (mentioned.has(candidate)) return candidate
  }
  return null
}
