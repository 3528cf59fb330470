import type { ExcerptPart } from './excerpt.ts'

/** What was found, marked in what stands around it. */
export function Excerpt({ parts }: { readonly parts: readonly ExcerptPart[] }) {
  return parts.map(({ text, found }, index) => {
    const key = `${index} ${text}`
    return found ? (
      <mark key={key} className="bg-transparent font-semibold text-wax-ink">
        {text}
      </mark>
    ) : (
      <span key={key}>{text}</span>
    )
  })
}
