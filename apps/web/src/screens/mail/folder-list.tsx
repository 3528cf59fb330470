import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { Tag } from 'lucide-react'
import { CountBadge } from '../../components/count-badge.tsx'
import { folderIcons, useFolderWords } from './folder-words.ts'
import { linkTo, type MailPlace, mailFolders } from './mail-places.ts'
import { useMailSnapshot } from './use-mail.ts'

interface FolderListProps {
  readonly place: MailPlace
  /** When somebody went to one. */
  readonly onGo?: () => void
}

/** Every folder and every label. */
export function FolderList({ place, onGo }: FolderListProps) {
  const { t } = useLingui()
  const words = useFolderWords()
  const labels = useMailSnapshot(snapshot => snapshot.labels)
  return (
    <nav aria-label={t`Folders`} className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
      <ul>
        {mailFolders.map(folder => (
          <li key={folder}>
            <FolderLink place={{ folder }} current={place.folder === folder} onGo={onGo} name={words[folder]} />
          </li>
        ))}
      </ul>
      {labels.length > 0 ? (
        <>
          <h2 className="px-2.5 pt-4 pb-1 font-semibold text-fine text-ink-muted">
            <Trans>Labels</Trans>
          </h2>
          <ul>
            {labels.map(label => (
              <li key={label}>
                <FolderLink
                  place={{ folder: 'label', label }}
                  current={place.folder === 'label' && place.label === label}
                  onGo={onGo}
                  name={label}
                />
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </nav>
  )
}

interface FolderLinkProps {
  readonly place: MailPlace
  readonly current: boolean
  readonly name: string
  readonly onGo: (() => void) | undefined
}

function FolderLink({ place, current, name, onGo }: FolderLinkProps) {
  const Icon = place.folder === 'label' ? Tag : folderIcons[place.folder]
  return (
    <Link
      {...linkTo(place)}
      data-inset-focus=""
      aria-current={current ? 'page' : undefined}
      onClick={onGo}
      className="flex min-h-11 items-center gap-2.5 rounded px-2.5 text-ink hover:bg-hover aria-[current=page]:bg-selected aria-[current=page]:font-semibold md:pointer-fine:min-h-9"
    >
      <Icon size={18} strokeWidth={1.75} className="shrink-0 text-ink-muted" aria-hidden="true" />
      <bdi className="one-line min-w-0 flex-1">{name}</bdi>
      <FolderCount place={place} />
    </Link>
  )
}

function FolderCount({ place: { folder } }: { readonly place: MailPlace }) {
  const { t } = useLingui()
  const unread = useMailSnapshot(snapshot => snapshot.unread ?? 0)
  const drafts = useMailSnapshot(snapshot => snapshot.drafts.length)
  const waiting = useMailSnapshot(snapshot => snapshot.outbox.length)
  const refused = useMailSnapshot(snapshot => snapshot.outbox.some(({ state }) => state === 'refused'))
  if (folder === 'inbox') {
    return <CountBadge count={unread} label={t({ message: plural(unread, { one: '# unread', other: '# unread' }) })} />
  }
  if (folder === 'drafts') {
    return (
      <CountBadge
        count={drafts}
        tone="quiet"
        label={t({ message: plural(drafts, { one: '# draft', other: '# drafts' }) })}
      />
    )
  }
  if (folder !== 'unsent') return null
  return (
    <CountBadge
      count={waiting}
      tone={refused ? 'calling' : 'quiet'}
      label={t({ message: plural(waiting, { one: '# mail on its way', other: '# mails on their way' }) })}
    />
  )
}
