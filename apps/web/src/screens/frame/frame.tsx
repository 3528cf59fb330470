/**
 * The frame of the app: the rail beside what the route shows. On a phone the rail is a bar at the bottom, and gives its
 * room to an open conversation.
 */
import { Navigate, Outlet, useLocation } from '@tanstack/react-router'
import { useSyncExternalStore } from 'react'
import { RowSkeletons } from '../../components/skeleton.tsx'
import { lazyPart } from '../../parts/lazy-part.tsx'
import { useApp } from '../../state/app-context.ts'
import { usePresenceReports } from '../../state/attention.ts'
import { MeContext, useSnapshot } from '../../state/use-snapshot.ts'
import { Overlays } from '../overlays/overlays.tsx'
import { useKeptFocus } from './keep-focus.ts'
import { Rail } from './rail.tsx'
import { SkipLink } from './skip-link.tsx'
import { UpdateStrip } from './update-strip.tsx'
import { useFrameKeys } from './use-frame-keys.ts'
import { useLeaveGuard } from './use-leave-guard.ts'
import { useTitle } from './use-title.ts'

const AfterFirst = lazyPart(() => import('./after-first.tsx').then(module => module.AfterFirst))

export function Frame() {
  const { client, startFailure } = useApp()
  const me = useSnapshot(snapshot => snapshot.me)
  const signedOut = useSnapshot(snapshot => snapshot.connection.state === 'signed-out')
  const online = useSnapshot(snapshot => snapshot.connection.state === 'online')
  const reading = useLocation({ select: ({ pathname }) => /^\/app\/(?:chats|inbox|mail\/[^/]+)\/./.test(pathname) })
  useTitle()
  useLeaveGuard()
  usePresenceReports(client, online)
  const failure = useSyncExternalStore(startFailure.subscribe, startFailure.get)
  if (failure !== null) throw failure
  // Without an account and not signed out: about to be, or beginning anew because what was kept is gone.
  if (!me) return signedOut ? <Navigate to="/app/sign-in" replace /> : <FrameSkeleton />
  return (
    <MeContext value={me}>
      <div className="flex h-dvh flex-col bg-paper">
        <SkipLink />
        <FrameKeys />
        <Overlays />
        <AfterFirst />
        <UpdateStrip />
        <div className="flex min-h-0 flex-1 flex-col-reverse md:flex-row">
          <Rail hiddenOnPhone={reading ? 'hidden' : 'shown'} />
          <div className="relative flex min-h-0 min-w-0 flex-1">
            <Outlet />
          </div>
        </div>
      </div>
    </MeContext>
  )
}

/** Only behind the sign-in. */
function FrameKeys() {
  useFrameKeys()
  useKeptFocus()
  return null
}

function FrameSkeleton() {
  return (
    <div className="flex h-dvh bg-paper">
      <div className="hidden w-18 border-line border-e bg-desk md:block" />
      <div className="w-full pt-16 md:w-[344px] md:border-line md:border-e">
        <RowSkeletons count={7} />
      </div>
    </div>
  )
}
