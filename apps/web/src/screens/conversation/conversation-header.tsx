import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { ConversationSnapshot, ConversationView } from '@recado/client'
import type { Conversation } from '@recado/protocol'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowLeft, Ellipsis, PanelRight } from 'lucide-react'
import { Avatar } from '../../components/avatar.tsx'
import { IconButton, iconButtonClass } from '../../components/icon-button.tsx'
import { toMenuTrigger, useFloat } from '../../components/use-float.ts'
import { lazyPart } from '../../parts/lazy-part.tsx'
import { useConversationName } from '../../state/names.ts'
import { usePresence } from '../../state/use-snapshot.ts'
import { TypingWords } from '../chats/typing-words.tsx'
import { ConnectionMark } from '../frame/connection-mark.tsx'
import { PresenceWords } from './presence-words.tsx'

const ConversationMenu = lazyPart(() => import('../chats/chat-menu.tsx').then(module => module.ConversationMenu))

export function ConversationHeader({ snapshot }: { readonly snapshot: ConversationSnapshot }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const { details } = useSearch({ from: '/app/chats/$conversationId' })
  const conversation = snapshot.view?.conversation ?? null
  const toggle = () =>
    void navigate({
      to: '/app/chats/$conversationId',
      params: { conversationId: String(snapshot.id) },
      search: details ? {} : { details: true },
      replace: Boolean(details),
    })
  return (
    <header className="shrink-0 border-line border-b">
      <div className="flex h-14 items-center gap-1 ps-1 pe-2 md:ps-4">
        <Link to="/app/chats" aria-label={t`Back to the chats`} className={`${iconButtonClass} md:hidden`}>
          <ArrowLeft size={20} strokeWidth={1.75} className="rtl:rotate-180" aria-hidden="true" />
        </Link>
        {conversation ? (
          <Heading conversation={conversation} snapshot={snapshot} onPress={toggle} />
        ) : (
          <HeadingSkeleton />
        )}
        {snapshot.view ? <More view={snapshot.view} /> : null}
        <IconButton icon={PanelRight} label={t`Details`} aria-expanded={Boolean(details)} onClick={toggle} />
      </div>
      <ConnectionMark shape="line" />
    </header>
  )
}

function More({ view }: { readonly view: ConversationView }) {
  const { t } = useLingui()
  const { trigger, float, used } = useFloat()
  return (
    <>
      <IconButton icon={Ellipsis} label={t`Menu of this chat`} {...toMenuTrigger(trigger)} />
      {used ? <ConversationMenu float={float} view={view} /> : null}
    </>
  )
}

interface HeadingProps {
  readonly conversation: Conversation
  readonly snapshot: ConversationSnapshot
  readonly onPress: () => void
}

function Heading({ conversation, snapshot, onPress }: HeadingProps) {
  const name = useConversationName(conversation)
  const presence = usePresence(conversation.peer?.id ?? null)
  const kind = conversation.kind === 'group' ? 'group' : 'person'
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the button beside it does the same.
    <div onClick={onPress} className="flex min-w-0 flex-1 cursor-pointer items-center gap-3 rounded hover:bg-hover">
      <Avatar id={conversation.peer?.id ?? conversation.id} name={name} size="sm" kind={kind} presence={presence} />
      <div className="min-w-0">
        <h1 className="font-semibold text-lead leading-tight">
          <bdi className="one-line">{name}</bdi>
        </h1>
        <p className="truncate text-ink-muted text-meta leading-tight">
          {snapshot.typing.length > 0 ? (
            <TypingWords typing={snapshot.typing} among={kind === 'group' ? 'many' : 'two'} />
          ) : conversation.kind === 'group' ? (
            <MemberCount count={conversation.memberCount} />
          ) : (
            <PresenceWords conversation={conversation} />
          )}
        </p>
      </div>
    </div>
  )
}

function MemberCount({ count }: { readonly count: number }) {
  const { t } = useLingui()
  return <>{t({ message: plural(count, { one: '# member', other: '# members' }) })}</>
}

function HeadingSkeleton() {
  return (
    <div className="flex flex-1 items-center gap-3" aria-hidden="true">
      <div className="skeleton size-8 rounded-full" />
      <div className="skeleton h-4 w-40" />
    </div>
  )
}
