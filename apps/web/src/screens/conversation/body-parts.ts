/** A message's text cut into what is shown differently: plain text, addresses of the web, and mentions of members. */
export type BodyPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `text` is the address exactly as written: a link never says another place than it goes to. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly text: string; readonly username: string }

const pattern = /(?<link>\bhttps?:\/\/[^\s<>"'`\u202A-\u202E\u2066-\u2069]+)|(?<![\p{L}\p{N}_@])@(?<name>[^\s@]+)/giu

export function splitBody(body: string, mentioned: ReadonlySet<string>): readonly BodyPart[] {
  const parts: BodyPart[] = []
  let done = 0
  const add = (part: BodyPart, start: number) => {
    if (start > done) parts.push({ kind: 'text', text: body.slice(done, start) })
    parts.push(part)
    done = start + part.text.length
  }
  for (const match of body.matchAll(pattern)) {
    const { link, name } = match.groups ?? {}
    if (link) {
      const text = trimAddress(link)
      if (URL.canParse(text)) add({ kind: 'link', text, href: new URL(text).href }, match.index)
    } else if (name) {
      const username = findMention(name, mentioned)
      if (username) add({ kind: 'mention', text: `@${name.slice(0, username.length)}`, username }, match.index)
    }
  }
  if (done < body.length) parts.push({ kind: 'text', text: body.slice(done) })
  return parts
}

/** Punctuation after an address belongs to the sentence, and so does a closing bracket that the address did not open. */
function trimAddress(address: string): string {
  let end = address.length
  for (;;) {
    const last = address[end - 1] ?? ''
    const opens = address.slice(0, end).split('(').length
    const closes = address.slice(0, end).split(')').length
    if (/[.,;:!?…]/u.test(last) || (last === ')' && closes > opens)) end -= 1
    else return address.slice(0, end)
  }
}

/** The longest mentioned username that `name` begins with, not followed by more of a word: "@ana," mentions "ana". */
export function findMention(name: string, mentioned: ReadonlySet<string>): string | null {
  for (let end = name.length; end > 0; end -= 1) {
    const rest = name[end]
    if (rest !== undefined && /[\p{L}\p{N}_]/u.test(rest)) continue
    const candidate = name.slice(0, end).toLowerCase()
    if (mentioned.has(candidate)) return candidate
  }
  return null
}
