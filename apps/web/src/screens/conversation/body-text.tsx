import type { ConversationItem } from '@recado/client'
import { useMemo } from 'react'
import { usePeople } from '../../state/use-snapshot.ts'
import { splitBody } from './body-parts.ts'

interface BodyTextProps {
  readonly body: string
  readonly item: ConversationItem
}

/** A message's text as written. Each line finds its own direction; nothing in it can reach beyond it. */
export function BodyText({ body, item }: BodyTextProps) {
  const mentions = item.type === 'message' ? item.message.mentions : item.mentions
  const people = usePeople()
  const parts = useMemo(() => {
    const names = mentions.flatMap(id => people.get(id)?.username.toLowerCase() ?? [])
    return splitBody(body, new Set(names))
  }, [body, mentions, people])
  return (
    <p dir="auto" className="spoken whitespace-pre-wrap">
      {parts.map((part, index) => {
        const key = `${index} ${part.kind}`
        switch (part.kind) {
          case 'text':
            return part.text
          case 'link':
            return (
              <a
                key={key}
                href={part.href}
                target="_blank"
                rel="noopener noreferrer nofollow"
                dir="ltr"
                className="text-present-ink underline underline-offset-2"
              >
                {part.text}
              </a>
            )
          case 'mention':
            return (
              <bdi key={key} className="font-semibold text-wax-ink">
                {part.text}
              </bdi>
            )
          default:
            return part satisfies never
        }
      })}
    </p>
  )
}
