import type { ConversationHandle } from '@recado/client'
import { type ClipboardEvent, useEffect, useRef } from 'react'
import { useClient } from '../../state/app-context.ts'

type Reader = typeof import('./body/read-source.ts')

/**
 * What is selected in messages is copied as it was written, with its mark-up. The parser is fetched with the conversation,
 * so it is there when the first message with mark-up is shown; until then texts are shown, and copied, as written.
 */
export function useCopySource(handle: ConversationHandle): (event: ClipboardEvent<HTMLElement>) => void {
  const client = useClient()
  const reader = useRef<Reader | null>(null)
  useEffect(() => {
    import('./body/read-source.ts').then(
      module => {
        reader.current = module
      },
      // Offline it may not be there: then nothing is shown with mark-up either.
      () => undefined,
    )
  }, [])
  return event => {
    const selection = document.getSelection()
    if (!reader.current || !selection || selection.isCollapsed || selection.rangeCount === 0) return
    const source = reader.current.readSource(event.currentTarget, selection.getRangeAt(0), key => {
      const item = handle.getSnapshot().items.find(one => one.key === key)
      if (!item) return null
      const body = item.type === 'message' ? item.message.body : item.body
      const mentions = item.type === 'message' ? item.message.mentions : item.mentions
      const { people } = client.getSnapshot()
      const names = mentions.flatMap(id => people.get(id)?.username.toLowerCase() ?? [])
      return body === null ? null : { body, mentioned: new Set(names) }
    })
    if (source === null) return
    event.clipboardData.setData('text/plain', source)
    event.preventDefault()
  }
}
