import type { AccountId, Message } from '@recado/protocol'
import { useState, useSyncExternalStore } from 'react'
import { lazyPart } from '../../parts/lazy-part.tsx'
import { useApp } from '../../state/app-context.ts'
import type { FrameOverlay } from '../../state/frame-overlay.ts'
import type { CalendarPlace } from '../calendar/calendar-dialog.tsx'
import type { ViewedFiles } from '../conversation/files/viewer.tsx'

const Palette = lazyPart(() => import('../palette/palette.tsx').then(module => module.Palette))
const KeysDialog = lazyPart(() => import('../../keys/keys-dialog.tsx').then(module => module.KeysDialog))
const NewConversation = lazyPart(() => import('../chats/new-conversation.tsx').then(module => module.NewConversation))
const ProfileCard = lazyPart(() => import('../people/profile-card.tsx').then(module => module.ProfileCard))
const ForwardDialog = lazyPart(() => import('../message/forward-dialog.tsx').then(module => module.ForwardDialog))
const ReactDialog = lazyPart(() => import('../message/react-dialog.tsx').then(module => module.ReactDialog))
const ReactionsDialog = lazyPart(() => import('../message/reactions-dialog.tsx').then(module => module.ReactionsDialog))
const VersionsDialog = lazyPart(() => import('../message/versions-dialog.tsx').then(module => module.VersionsDialog))
const CalendarDialog = lazyPart(() => import('../calendar/calendar-dialog.tsx').then(module => module.CalendarDialog))
const Viewer = lazyPart(() => import('../conversation/files/viewer.tsx').then(module => module.Viewer))
const SignOutDialog = lazyPart(() => import('../settings/sign-out-dialog.tsx').then(module => module.SignOutDialog))

/** What lies over the whole app. Each is loaded when it is first asked for, and stays so that it can leave with a movement. */
export function Overlays() {
  const { overlay } = useApp()
  const current = useSyncExternalStore(overlay.subscribe, overlay.get)
  const [used, setUsed] = useState<ReadonlySet<FrameOverlay['kind']>>(new Set())
  const [person, setPerson] = useState<AccountId | null>(null)
  if (current && !used.has(current.kind)) setUsed(new Set(used).add(current.kind))
  // Stays while the card leaves.
  if (current?.kind === 'person' && current.accountId !== person) setPerson(current.accountId)
  const [message, setMessage] = useState<Message | null>(null)
  if (current && 'message' in current && current.message !== message) setMessage(current.message)
  const [place, setPlace] = useState<CalendarPlace | null>(null)
  if (current?.kind === 'calendar' && current !== place) setPlace(current)
  const [viewed, setViewed] = useState<ViewedFiles | null>(null)
  if (current?.kind === 'viewer' && current !== viewed) setViewed(current)
  const propsOf = (...kinds: readonly FrameOverlay['kind'][]) => ({
    open: current !== null && kinds.includes(current.kind),
    onClose: () => {
      const now = overlay.get()
      if (now && kinds.includes(now.kind)) overlay.set(null)
    },
  })
  return (
    <>
      {used.has('palette') ? <Palette {...propsOf('palette')} /> : null}
      {used.has('keys') ? <KeysDialog {...propsOf('keys')} /> : null}
      {used.has('new-chat') || used.has('new-group') ? (
        <NewConversation
          {...propsOf('new-chat', 'new-group')}
          first={current?.kind === 'new-group' ? 'group' : 'direct'}
        />
      ) : null}
      {used.has('person') ? <ProfileCard {...propsOf('person')} accountId={person} /> : null}
      {used.has('forward') ? <ForwardDialog {...propsOf('forward')} message={message} /> : null}
      {used.has('react') ? <ReactDialog {...propsOf('react')} message={message} /> : null}
      {used.has('reactions') ? <ReactionsDialog {...propsOf('reactions')} message={message} /> : null}
      {used.has('versions') ? <VersionsDialog {...propsOf('versions')} message={message} /> : null}
      {used.has('calendar') ? <CalendarDialog {...propsOf('calendar')} place={place} /> : null}
      {used.has('viewer') ? <Viewer {...propsOf('viewer')} viewed={viewed} /> : null}
      {used.has('sign-out') ? <SignOutDialog {...propsOf('sign-out')} /> : null}
    </>
  )
}
