import type { ConversationItem } from '@recado/client'
import type { AccountId } from '@recado/protocol'
import { useEffect, useMemo } from 'react'
import { useClient } from '../../../state/app-context.ts'
import { withoutOverrides } from '../../../state/isolate.ts'
import { useSnapshot } from '../../../state/use-snapshot.ts'
import { isFewEmoji } from './few-emoji.ts'
import { hasMarkup } from './has-markup.ts'
import { BodyLink, BodyMention } from './inline-parts.tsx'
import type { MarkupBodyProps } from './markup-body.tsx'
import { useMarkup } from './markup-part.ts'
import { splitBody } from './split-body.ts'

interface BodyTextProps {
  readonly body: string
  readonly item: ConversationItem
}

/**
 * A message's text. Without mark-up it is shown as written; with it, it is shown as written only until the parser is there.
 * Each line finds its own direction; nothing in it can reach beyond it.
 */
export function BodyText({ body, item }: BodyTextProps) {
  const mentioned = useMentioned(item.type === 'message' ? item.message.mentions : item.mentions)
  if (isFewEmoji(body)) {
    return <p className="whitespace-pre-wrap py-0.5 text-[2.25rem] leading-tight">{body.trim()}</p>
  }
  const Body = hasMarkup(body) ? MarkedBody : PlainBody
  return <Body body={body} mentioned={mentioned} />
}

const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u202B\u202E\u2067]/u

/**
 * Whether it is shown as one paragraph, on whose last line something else may stand. Each line of a paragraph that is a block
 * begins at the side of its own direction; one that flows has only that of the app.
 */
export function isRunningText(body: string): boolean {
  return !isFewEmoji(body) && !hasMarkup(body) && !rightToLeft.test(body)
}

function MarkedBody(props: MarkupBodyProps) {
  const Body = useMarkup() ?? PlainBody
  return <Body {...props} />
}

/** The usernames of those whom a message mentions, in lower case. They are looked up where they are not known yet. */
function useMentioned(mentions: readonly AccountId[]): ReadonlySet<string> {
  const client = useClient()
  const joined = useSnapshot(({ people }) =>
    mentions.flatMap(id => people.get(id)?.username.toLowerCase() ?? []).join(' '),
  )
  const missing = useSnapshot(({ people }) => mentions.some(id => !people.has(id)))
  useEffect(() => {
    if (missing) client.wantPeople(mentions)
  }, [client, mentions, missing])
  return useMemo(() => new Set(joined === '' ? [] : joined.split(' ')), [joined])
}

function PlainBody({ body, mentioned }: MarkupBodyProps) {
  const parts = useMemo(() => splitBody(body, mentioned), [body, mentioned])
  return (
    <p dir="auto" className="spoken whitespace-pre-wrap">
      {parts.map((part, index) => {
        const key = `${index} ${part.kind}`
        switch (part.kind) {
          case 'text':
            return withoutOverrides(part.text)
          case 'link':
            return (
              <BodyLink key={key} href={part.href} hint={part.hint === null ? null : ` (${part.hint})`}>
                {part.text}
              </BodyLink>
            )
          case 'mention':
            return <BodyMention key={key} text={part.text} username={part.username} />
          default:
            return part satisfies never
        }
      })}
    </p>
  )
}
