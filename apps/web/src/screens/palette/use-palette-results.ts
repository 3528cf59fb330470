import { useLingui } from '@lingui/react/macro'
import type { ConversationView } from '@recado/client'
import type { AccountId, Person } from '@recado/protocol'
import { useMatchRoute, useNavigate } from '@tanstack/react-router'
import { type LucideIcon, Search } from 'lucide-react'
import { useMemo } from 'react'
import type { Command } from '../../commands/command.ts'
import { useAppCommands } from '../../commands/use-app-commands.ts'
import { useConversationCommands } from '../../commands/use-conversation-commands.ts'
import type { KeyId } from '../../keys/key-table.ts'
import { useApp } from '../../state/app-context.ts'
import { useOpenDirect } from '../../state/use-open-direct.ts'
import { usePeopleSearch } from '../../state/use-people-search.ts'
import { useMe, usePeople, useSnapshot } from '../../state/use-snapshot.ts'
import type { ExcerptPart } from './excerpt.ts'
import { rank, toNamed, toTerms } from './rank.ts'
import { useMessageEntries } from './use-message-entries.ts'

export interface PaletteEntry {
  /** Stays the same over renders; what was chosen lately is remembered by it. */
  readonly id: string
  readonly label: string
  readonly detail?: string
  /** When it was, which is never cut short. */
  readonly when?: string
  /** The label with what was found in it marked. */
  readonly excerpt?: readonly ExcerptPart[]
  readonly key?: KeyId
  readonly face: Face
  readonly run: () => void
}

type Face =
  | { readonly type: 'icon'; readonly icon: LucideIcon }
  | {
      readonly type: 'avatar'
      readonly kind: 'person' | 'group'
      readonly id: number
      readonly name: string
      readonly peerId: AccountId | null
    }

export interface PaletteGroup {
  readonly title: string
  readonly entries: readonly { readonly entry: PaletteEntry; readonly index: number }[]
}

export interface PaletteResults {
  readonly groups: readonly PaletteGroup[]
  /** All of them in the order shown. */
  readonly entries: readonly PaletteEntry[]
  readonly remember: (id: string) => void
}

/** The one entry that is there whatever was typed. */
export const everywhere = 'everywhere'

/** So many of each kind: what is looked for is among the first, or needs another letter. */
const shown = 6
/** Before anything is typed. */
const shownCommands = 5

export function usePaletteResults(query: string): PaletteResults {
  const { t } = useLingui()
  const me = useMe()
  const { recents } = useApp()
  const terms = useMemo(() => toTerms(query), [query])
  const chats = useChats(terms)
  const people = usePeopleEntries(query, terms)
  const commands = useCommandEntries(terms)
  const messages = useMessageEntries(query)
  const everywhere = useEverywhere(query)
  const found = [
    { title: terms.length > 0 ? t`Chats` : t`Recent chats`, entries: chats },
    { title: t`People`, entries: people },
    { title: t`Commands`, entries: commands },
    { title: t`Messages on this device`, entries: messages },
    { title: t`Everywhere`, entries: everywhere },
  ].filter(({ entries }) => entries.length > 0)
  let index = 0
  return {
    groups: found.map(({ title, entries }) => ({
      title,
      entries: entries.map(entry => ({ entry, index: index++ })),
    })),
    entries: found.flatMap(({ entries }) => entries),
    remember: id => recents.add(me.id, id),
  }
}

function useChats(terms: readonly string[]): readonly PaletteEntry[] {
  const { t } = useLingui()
  const navigate = useNavigate()
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  const open = useOpenConversationId()
  const nobody = t`A conversation with nobody`
  const named = useMemo(
    () =>
      conversations.map(view => {
        const { name, peer } = view.conversation
        return toNamed(view, [name, peer?.displayName, peer?.username])
      }),
    [conversations],
  )
  const others = terms.length > 0 ? named : named.filter(({ item }) => item.id !== open)
  return rank(others, terms, shown).map((view): PaletteEntry => {
    const { name, peer, kind } = view.conversation
    const label = name ?? peer?.displayName ?? nobody
    return {
      id: `chat ${view.id}`,
      label,
      ...(peer ? { detail: `@${peer.username}` } : {}),
      face: {
        type: 'avatar',
        kind: kind === 'group' ? 'group' : 'person',
        id: peer?.id ?? view.id,
        name: label,
        peerId: peer?.id ?? null,
      },
      run: () => void navigate({ to: '/app/chats/$conversationId', params: { conversationId: String(view.id) } }),
    }
  })
}

/** Those with whom there is no direct chat yet: known to this device, then those the server finds. */
function usePeopleEntries(query: string, terms: readonly string[]): readonly PaletteEntry[] {
  const me = useMe()
  const openDirect = useOpenDirect()
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  const known = usePeople()
  const { people: searched } = usePeopleSearch(query)
  const peers = useMemo(() => new Set(conversations.map(view => view.conversation.peer?.id)), [conversations])
  const named = useMemo(
    () => [...known.values()].map(person => toNamed(person, [person.displayName, person.username])),
    [known],
  )
  if (terms.length === 0) return []
  const found = new Map<number, Person>()
  for (const person of [...rank(named, terms, shown * 2), ...searched]) found.set(person.id, person)
  return [...found.values()]
    .filter(person => person.id !== me.id && !peers.has(person.id))
    .slice(0, shown)
    .map(person => ({
      id: `person ${person.id}`,
      label: person.displayName,
      detail: `@${person.username}`,
      face: { type: 'avatar', kind: 'person', id: person.id, name: person.displayName, peerId: person.id },
      run: () => openDirect(person),
    }))
}

/** Done lately first. */
function useCommandEntries(terms: readonly string[]): readonly PaletteEntry[] {
  const me = useMe()
  const { recents } = useApp()
  const view = useOpenView()
  const commands = [...useConversationCommands(view), ...useAppCommands()]
  const lately = recents.get(me.id)
  const place = ({ id }: Command) => {
    const index = lately.indexOf(`command ${id}`)
    return index < 0 ? lately.length : index
  }
  const ordered = [...commands].sort((a, b) => place(a) - place(b))
  const named = ordered.map(command => toNamed(command, [command.label, command.also]))
  return rank(named, terms, terms.length > 0 ? shown : shownCommands).map(command => ({
    id: `command ${command.id}`,
    label: command.label,
    ...(command.key ? { key: command.key } : {}),
    face: { type: 'icon', icon: command.icon },
    run: command.run,
  }))
}

/** On to the search of everything, with what was typed. */
function useEverywhere(query: string): readonly PaletteEntry[] {
  const { t } = useLingui()
  const navigate = useNavigate()
  const q = query.trim()
  if (q === '') return []
  return [
    {
      id: everywhere,
      label: t`Search messages and mails for “${q}”`,
      face: { type: 'icon', icon: Search },
      run: () => void navigate({ to: '/app/search', search: { q } }),
    },
  ]
}

function useOpenConversationId(): number | null {
  const match = useMatchRoute()({ to: '/app/chats/$conversationId' })
  return match === false ? null : Number(match.conversationId)
}

function useOpenView(): ConversationView | null {
  const open = useOpenConversationId()
  return useSnapshot(snapshot => snapshot.conversations.find(({ id }) => id === open) ?? null)
}
