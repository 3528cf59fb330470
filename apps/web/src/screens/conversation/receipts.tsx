import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import type { MessageView } from '@recado/client'
import type { AccountId } from '@recado/protocol'
import { useEffect } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { FloatingPanel } from '../../components/floating-panel.tsx'
import { type MessageProgress, StateGlyph } from '../../components/state-glyph.tsx'
import { useClient } from '../../state/app-context.ts'
import { usePeople } from '../../state/use-snapshot.ts'
import { useDesk } from './desk.ts'

interface ReceiptsProps {
  readonly item: MessageView
  readonly progress: MessageProgress
}

/** In a group: how many have read it beside the glyph, and who on a tap. */
export function Receipts({ item, progress }: ReceiptsProps) {
  const { t } = useLingui()
  const { readCount, deliveredCount } = item
  const words =
    readCount > 0
      ? t({ message: plural(readCount, { one: 'Read by # person', other: 'Read by # people' }) })
      : deliveredCount > 0
        ? t({ message: plural(deliveredCount, { one: 'Delivered to # person', other: 'Delivered to # people' }) })
        : t`Sent`
  return (
    <FloatingPanel
      title={t`Who has it`}
      className="max-h-80 w-64 overflow-y-auto"
      trigger={trigger => (
        <button
          type="button"
          {...trigger}
          className="tabular relative inline-flex items-center gap-1 rounded-sm before:absolute before:-inset-x-3.5 before:-inset-y-4 hover:text-ink"
        >
          <StateGlyph progress={progress} label={words} />
          {readCount > 0 && progress !== 'read' ? <span aria-hidden="true">{readCount}</span> : null}
        </button>
      )}
    >
      {() => <ReceiptLists sequence={item.message.sequence} />}
    </FloatingPanel>
  )
}

function ReceiptLists({ sequence }: { readonly sequence: number }) {
  const { t } = useLingui()
  const client = useClient()
  const { handle } = useDesk()
  const { read, delivered } = handle.receiptsOf(sequence)
  const unread = delivered.filter(id => !read.includes(id))
  useEffect(() => client.wantPeople([...delivered]), [client, delivered])
  if (delivered.length === 0) {
    return (
      <p className="px-2.5 pb-2 text-ink-muted">
        <Trans>Nobody’s device has it yet.</Trans>
      </p>
    )
  }
  return (
    <>
      <PeopleOf title={t`Read`} progress="read" ids={read} />
      <PeopleOf title={t`Delivered`} progress="delivered" ids={unread} />
    </>
  )
}

interface PeopleOfProps {
  readonly title: string
  readonly progress: MessageProgress
  readonly ids: readonly AccountId[]
}

function PeopleOf({ title, progress, ids }: PeopleOfProps) {
  const people = usePeople()
  if (ids.length === 0) return null
  return (
    <section className="pb-1">
      <h3 className="flex items-center gap-1.5 px-2.5 py-1 text-meta text-ink-muted">
        <StateGlyph progress={progress} /> {title}
      </h3>
      <ul>
        {ids.map(id => {
          const name = people.get(id)?.displayName ?? '…'
          return (
            <li key={id} className="flex items-center gap-2.5 px-2.5 py-1">
              <Avatar id={id} name={name} size="xs" />
              <bdi dir="auto" className="truncate">
                {name}
              </bdi>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
