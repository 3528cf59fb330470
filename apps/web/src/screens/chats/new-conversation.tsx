import { Trans, useLingui } from '@lingui/react/macro'
import { Users } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Modal } from '../../components/modal.tsx'
import { TextField } from '../../components/text-field.tsx'
import { useOpenDirect } from '../../state/use-open-direct.ts'
import { NewGroup } from './new-group.tsx'
import { PeopleResults } from './people-results.tsx'

interface NewConversationProps {
  readonly open: boolean
  readonly onClose: () => void
  /** What it begins with. */
  readonly first: Kind
}

type Kind = 'direct' | 'group'

/** Finds a person to write to, or goes on to a new group. */
export function NewConversation({ open, onClose, first }: NewConversationProps) {
  const { t } = useLingui()
  const [kind, setKind] = useState<Kind>(first)
  useEffect(() => {
    if (open) setKind(first)
  }, [open, first])
  return (
    <Modal open={open} onClose={onClose} title={kind === 'direct' ? t`New chat` : t`New group`}>
      {kind === 'direct' ? (
        <NewDirect onGroup={() => setKind('group')} onDone={onClose} />
      ) : (
        <NewGroup onDone={onClose} />
      )}
    </Modal>
  )
}

function NewDirect({ onGroup, onDone }: { readonly onGroup: () => void; readonly onDone: () => void }) {
  const { t } = useLingui()
  const [query, setQuery] = useState('')
  const openDirect = useOpenDirect(onDone)
  return (
    <>
      <div className="p-4 pb-2">
        <TextField
          label={t`To`}
          autoFocus
          dir="auto"
          value={query}
          onChange={event => setQuery(event.target.value)}
          placeholder={t`Name, username or e-mail`}
          autoComplete="off"
        />
      </div>
      <div className="min-h-24 flex-1 overflow-y-auto px-2 pb-2 tall:min-h-64">
        <button
          type="button"
          data-inset-focus=""
          onClick={onGroup}
          className="flex min-h-14 w-full items-center gap-3 rounded px-3 text-start font-semibold text-wax-ink hover:bg-hover"
        >
          <span className="inline-flex size-8 items-center justify-center rounded bg-wax-tint">
            <Users size={18} strokeWidth={1.75} aria-hidden="true" />
          </span>
          <Trans>New group</Trans>
        </button>
        <PeopleResults query={query} onChoose={openDirect} />
      </div>
    </>
  )
}
