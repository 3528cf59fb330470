/** A plain body: as it was written, with links that say where they lead. */
import { useMemo } from 'react'
import { withoutOverrides } from '../../../state/isolate.ts'
import { BodyLink } from '../../conversation/body/inline-parts.tsx'
import { splitBody } from '../../conversation/body/split-body.ts'
import '../letter.css'

const nobody: ReadonlySet<string> = new Set()

export function MailText({ text }: { readonly text: string }) {
  const parts = useMemo(() => splitBody(text, nobody), [text])
  return (
    <div className="letter">
      <p dir="auto" className="spoken whitespace-pre-wrap">
        {parts.map((part, index) => {
          const key = `${index} ${part.kind}`
          return part.kind === 'link' ? (
            <BodyLink key={key} href={part.href} hint={part.hint === null ? null : ` (${part.hint})`}>
              {part.text}
            </BodyLink>
          ) : (
            withoutOverrides(part.text)
          )
        })}
      </p>
    </div>
  )
}
