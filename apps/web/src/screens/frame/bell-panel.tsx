import { Trans, useLingui } from '@lingui/react/macro'
import type { BellItem, ConversationId } from '@recado/protocol'
import { Link } from '@tanstack/react-router'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { FloatingSurface } from '../../components/floating-surface.tsx'
import type { Float } from '../../components/use-float.ts'
import { useTimes } from '../../i18n/use-times.ts'
import { useClient } from '../../state/app-context.ts'
import { useConversationName } from '../../state/names.ts'
import { useAttempt } from '../../state/use-attempt.ts'
import { useConversationView, usePerson } from '../../state/use-snapshot.ts'

interface BellPanelProps {
  readonly float: Float
  readonly items: readonly BellItem[]
}

/** What the bell has to tell, newest first. Loaded when it is first opened, lines and all: it opens in its size. */
export function BellPanel({ float, items }: BellPanelProps) {
  const { t } = useLingui()
  return (
    <FloatingSurface
      float={float}
      title={t`Notifications`}
      side="right"
      align="start"
      className="flex max-h-[min(32rem,70dvh)] w-80 max-w-[calc(100vw-1rem)] flex-col"
    >
      <BellLines items={items} onOpen={() => float.setOpen(false)} />
    </FloatingSurface>
  )
}

interface BellLinesProps {
  readonly items: readonly BellItem[]
  readonly onOpen: () => void
}

function BellLines({ items, onOpen }: BellLinesProps) {
  const client = useClient()
  const attempt = useAttempt()
  if (items.length === 0) {
    return (
      <p className="px-2.5 pt-2 pb-3 text-ink-muted">
        <Trans>Nothing new. Mentions, replies and invitations appear here.</Trans>
      </p>
    )
  }
  return (
    <>
      <ul className="min-h-0 overflow-y-auto">
        {items.map(item => (
          <BellLine key={item.id} item={item} onOpen={onOpen} />
        ))}
      </ul>
      <Button tone="plain" onClick={() => void attempt(() => client.clearBell(null))} className="mt-1 text-ink-muted">
        <Trans>Clear all</Trans>
      </Button>
    </>
  )
}

function BellLine({ item, onOpen }: { readonly item: BellItem; readonly onOpen: () => void }) {
  const client = useClient()
  const attempt = useAttempt()
  const times = useTimes()
  const actor = usePerson(item.actorId)
  const name = actor?.displayName ?? '…'
  const open = () => {
    onOpen()
    void attempt(() => client.clearBell(item.conversationId))
  }
  return (
    <li>
      <Link
        to="/app/chats/$conversationId"
        params={{ conversationId: String(item.conversationId) }}
        search={item.kind === 'invitation' ? {} : { at: item.sequence }}
        onClick={open}
        data-inset-focus=""
        className="flex items-start gap-2.5 rounded-sm px-2.5 py-2 hover:bg-hover"
      >
        <Avatar id={item.actorId} name={name} size="sm" />
        <span className="min-w-0 flex-1">
          <BellWords kind={item.kind} name={name} conversationId={item.conversationId} />
          <time dateTime={item.at} title={times.exact(item.at)} className="tabular block text-fine text-ink-muted">
            {times.brief(item.at)}
          </time>
        </span>
      </Link>
    </li>
  )
}

interface BellWordsProps {
  readonly kind: BellItem['kind']
  readonly name: string
  readonly conversationId: ConversationId
}

function BellWords({ kind, name, conversationId }: BellWordsProps) {
  const view = useConversationView(conversationId)
  const conversation = useConversationName(view?.conversation ?? null)
  const who = <bdi className="font-semibold">{name}</bdi>
  const where = <bdi className="font-semibold">{conversation}</bdi>
  switch (kind) {
    case 'mention':
      return (
        <span className="spoken">
          <Trans>
            {who} mentioned you in {where}
          </Trans>
        </span>
      )
    case 'reply':
      return (
        <span className="spoken">
          <Trans>
            {who} answered you in {where}
          </Trans>
        </span>
      )
    case 'invitation':
      return (
        <span className="spoken">
          <Trans>
            {who} added you to {where}
          </Trans>
        </span>
      )
    default:
      return kind satisfies never
  }
}
