import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { AccountId, Message } from '@recado/protocol'
import { useEffect } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { Modal } from '../../components/modal.tsx'
import { useClient } from '../../state/app-context.ts'
import { useAuthorName } from '../../state/names.ts'
import { usePerson } from '../../state/use-snapshot.ts'

interface ReactionsDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly message: Message | null
}

/** Who left which reaction. */
export function ReactionsDialog({ open, onClose, message }: ReactionsDialogProps) {
  const { t } = useLingui()
  const client = useClient()
  const reactions = message?.reactions
  useEffect(() => {
    if (open && reactions) client.wantPeople([...new Set(reactions.flatMap(({ accountIds }) => accountIds))])
  }, [client, open, reactions])
  return (
    <Modal open={open} onClose={onClose} title={t`Reactions`}>
      <div className="min-h-24 flex-1 overflow-y-auto px-4 py-2 tall:min-h-48">
        {reactions?.map(({ emoji, accountIds }) => (
          <section key={emoji} className="py-2">
            <h3 className="flex items-center gap-2 pb-1 text-ink-muted text-meta">
              <span className="text-title leading-none">{emoji}</span>
              {t({ message: plural(accountIds.length, { one: '# person', other: '# people' }) })}
            </h3>
            <ul>
              {accountIds.map(id => (
                <PersonLine key={id} id={id} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Modal>
  )
}

function PersonLine({ id }: { readonly id: AccountId }) {
  const person = usePerson(id)
  const name = useAuthorName(id, person?.displayName ?? null)
  return (
    <li className="flex min-h-10 items-center gap-3">
      <Avatar id={id} name={person?.displayName ?? name} size="xs" />
      <bdi dir="auto" className="min-w-0 truncate">
        {name}
      </bdi>
    </li>
  )
}
