import { Trans, useLingui } from '@lingui/react/macro'
import type { ConversationView } from '@recado/client'
import type { ConversationId, Message, Person } from '@recado/protocol'
import { Check } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { Modal } from '../../components/modal.tsx'
import { TextField } from '../../components/text-field.tsx'
import { useClient } from '../../state/app-context.ts'
import { fold } from '../../state/fold.ts'
import { useConversationName } from '../../state/names.ts'
import { useAttempt, useTell } from '../../state/use-attempt.ts'
import { usePeopleSearch } from '../../state/use-people-search.ts'
import { useMe, useSnapshot } from '../../state/use-snapshot.ts'
import { QuoteLine } from '../conversation/quote.tsx'

interface ForwardDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly message: Message | null
}

/** Chooses where a message is copied to: chats one has, and people one has none with yet. */
export function ForwardDialog({ open, onClose, message }: ForwardDialogProps) {
  const { t } = useLingui()
  return (
    <Modal open={open} onClose={onClose} title={t`Forward message`}>
      {message ? <ForwardForm message={message} onDone={onClose} /> : null}
    </Modal>
  )
}

interface Chosen {
  readonly conversations: ReadonlySet<ConversationId>
  readonly people: ReadonlyMap<number, Person>
}

const nobody: Chosen = { conversations: new Set(), people: new Map() }

function ForwardForm({ message, onDone }: { readonly message: Message; readonly onDone: () => void }) {
  const { t } = useLingui()
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(nobody)
  const forward = useForward(message, onDone)
  const views = useMatching(query)
  const strangers = useStrangers(query)
  const count = chosen.conversations.size + chosen.people.size
  const toggleView = ({ id }: ConversationView) => {
    const conversations = new Set(chosen.conversations)
    if (!conversations.delete(id)) conversations.add(id)
    setChosen({ ...chosen, conversations })
  }
  const togglePerson = (person: Person) => {
    const people = new Map(chosen.people)
    if (!people.delete(person.id)) people.set(person.id, person)
    setChosen({ ...chosen, people })
  }
  return (
    <>
      <div className="mx-4 mt-3 rounded border border-line bg-surface px-3 py-2">
        <QuoteLine message={message} />
      </div>
      <div className="p-4 pb-2">
        <TextField
          label={t`To`}
          autoFocus
          dir="auto"
          value={query}
          onChange={event => setQuery(event.target.value)}
          placeholder={t`Chat, name, username or e-mail`}
          autoComplete="off"
        />
      </div>
      <div className="min-h-24 flex-1 overflow-y-auto px-2 pb-2 tall:min-h-64">
        <ul>
          {views.map(view => (
            <li key={view.id}>
              <ChatOption view={view} chosen={chosen.conversations.has(view.id)} onToggle={() => toggleView(view)} />
            </li>
          ))}
          {strangers.map(person => (
            <li key={person.id}>
              <Option
                id={person.id}
                name={person.displayName}
                kind="person"
                chosen={chosen.people.has(person.id)}
                onToggle={() => togglePerson(person)}
              />
            </li>
          ))}
        </ul>
        {views.length + strangers.length === 0 ? (
          <p role="status" className="px-4 py-8 text-center text-ink-muted">
            <Trans>No chat and nobody by this name.</Trans>
          </p>
        ) : null}
      </div>
      <footer className="flex justify-end border-line border-t p-3">
        <Button tone="primary" disabled={count === 0} onClick={() => void forward(chosen)}>
          <Trans>Forward</Trans> {count > 1 ? <span className="tabular">({count})</span> : null}
        </Button>
      </footer>
    </>
  )
}

/** Chats that are there get their copy by the outbox, also without a network; a chat with somebody new is opened first. */
function useForward(message: Message, onDone: () => void): (chosen: Chosen) => Promise<void> {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const tell = useTell()
  return async ({ conversations, people }) => {
    const done = await attempt(async () => {
      const opened = await Promise.all([...people.keys()].map(id => client.openDirect(id as Person['id'])))
      await client.forward({ message, to: [...conversations, ...opened.map(({ id }) => id)] })
    })
    if (!done) return
    tell(t`Forwarded.`)
    onDone()
  }
}

function useMatching(query: string): readonly ConversationView[] {
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  return useMemo(() => {
    const wanted = fold(query)
    return conversations.filter(({ membership, conversation: { name, peer } }) => {
      if (membership === 'left') return false
      return [name, peer?.displayName, peer?.username].some(text => text && fold(text).includes(wanted))
    })
  }, [conversations, query])
}

/** People found with whom there is no chat yet. */
function useStrangers(query: string): readonly Person[] {
  const me = useMe()
  const search = usePeopleSearch(query)
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  return useMemo(() => {
    const known = new Set<number>(conversations.flatMap(({ conversation: { peer } }) => (peer ? [peer.id] : [])))
    return search.people.filter(person => !known.has(person.id) && person.id !== me.id)
  }, [conversations, me.id, search.people])
}

interface ChatOptionProps {
  readonly view: ConversationView
  readonly chosen: boolean
  readonly onToggle: () => void
}

function ChatOption({ view, chosen, onToggle }: ChatOptionProps) {
  const { conversation } = view
  const name = useConversationName(conversation)
  const kind = conversation.kind === 'group' ? 'group' : 'person'
  return <Option id={conversation.peer?.id ?? view.id} name={name} kind={kind} chosen={chosen} onToggle={onToggle} />
}

interface OptionProps {
  readonly id: number
  readonly name: string
  readonly kind: 'group' | 'person'
  readonly chosen: boolean
  readonly onToggle: () => void
}

function Option({ id, name, kind, chosen, onToggle }: OptionProps) {
  return (
    <button
      type="button"
      data-inset-focus=""
      aria-pressed={chosen}
      onClick={onToggle}
      className="flex min-h-13 w-full min-w-0 items-center gap-3 rounded px-3 py-1.5 text-start hover:bg-hover"
    >
      <Avatar id={id} name={name} size="sm" kind={kind} />
      <bdi className="one-line min-w-0 flex-1 font-semibold">{name}</bdi>
      {chosen ? <Check size={18} className="shrink-0 text-wax-ink" aria-hidden="true" /> : null}
    </button>
  )
}
