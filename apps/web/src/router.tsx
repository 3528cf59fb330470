import type { Client } from '@recado/client'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router'
import { keepOverlaysOut } from './components/use-history-entry.ts'
import { lazyScreen } from './parts/lazy-screen.tsx'
import { ScreenError } from './parts/screen-error.tsx'
import { parseDay } from './screens/calendar/days.ts'
import { ChatsScreen } from './screens/chats/chats-screen.tsx'
import { NoConversation } from './screens/chats/no-conversation.tsx'
import { loadMarkup } from './screens/conversation/body/markup-part.ts'
import { ConversationRoute, parseConversationId } from './screens/conversation/conversation-route.tsx'
import { Frame } from './screens/frame/frame.tsx'
import { NotFound } from './screens/frame/not-found.tsx'
import { untilFirstPage } from './state/first-page.ts'

interface RouterContext {
  readonly client: Client
}

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/app/chats', replace: true })
  },
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/app/sign-in',
  component: lazyScreen(() => import('./screens/auth/sign-in.tsx').then(module => module.SignInScreen)),
})

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/app/sign-up',
  component: lazyScreen(() => import('./screens/auth/sign-up.tsx').then(module => module.SignUpScreen)),
})

const app = createRoute({ getParentRoute: () => root, path: '/app', component: Frame })

const appHome = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/app/chats', replace: true })
  },
})

const chats = createRoute({ getParentRoute: () => app, path: '/chats', component: ChatsScreen })

const noConversation = createRoute({ getParentRoute: () => chats, path: '/', component: NoConversation })

export interface ConversationSearch {
  /** The sequence of a message to show: what links to a message carry. */
  readonly at?: number
  /** A day to show, as `YYYY-MM-DD` where the reader is. */
  readonly on?: string
  /** Whether the details are open. */
  readonly details?: true
}

const conversation = createRoute({
  getParentRoute: () => chats,
  path: '/$conversationId',
  component: ConversationRoute,
  // Not for another message or the details of the one that is open.
  shouldReload: ({ cause }) => cause === 'enter',
  loader: ({ context: { client }, params, preload }) => {
    loadMarkup()
    const id = parseConversationId(params.conversationId)
    return id === null || preload || !client.getSnapshot().ready ? undefined : untilFirstPage(client.conversation(id))
  },
  validateSearch: (search: Record<string, unknown>): ConversationSearch => ({
    ...(Number.isSafeInteger(search['at']) ? { at: Number(search['at']) } : {}),
    ...(parseDay(search['on']) !== null ? { on: String(search['on']) } : {}),
    ...(search['details'] === true ? { details: true } : {}),
  }),
})

const mail = createRoute({
  getParentRoute: () => app,
  path: '/mail/{-$view}/{-$threadId}',
  component: lazyScreen(() => import('./screens/mail/mail-screen.tsx').then(module => module.MailScreen)),
  validateSearch: ({ label }: { label?: unknown }): { label?: string } => (label ? { label: String(label) } : {}),
})

const inbox = createRoute({
  getParentRoute: () => app,
  path: '/inbox/{-$threadId}',
  component: lazyScreen(() => import('./screens/mail/inbox/inbox-screen.tsx').then(module => module.InboxScreen)),
})

const people = createRoute({
  getParentRoute: () => app,
  path: '/people',
  component: lazyScreen(() => import('./screens/people/people-screen.tsx').then(module => module.PeopleScreen)),
})

const saved = createRoute({
  getParentRoute: () => app,
  path: '/saved',
  component: lazyScreen(() => import('./screens/saved/saved-screen.tsx').then(module => module.SavedScreen)),
})

const search = createRoute({
  getParentRoute: () => app,
  path: '/search',
  component: lazyScreen(() => import('./screens/search/search-screen.tsx').then(module => module.SearchScreen)),
  validateSearch: ({ q }: Record<string, unknown>): { readonly q?: string } => (typeof q === 'string' ? { q } : {}),
})

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  component: lazyScreen(() => import('./screens/settings/settings-screen.tsx').then(module => module.SettingsScreen)),
})

const routeTree = root.addChildren([
  home,
  signIn,
  signUp,
  app.addChildren([
    appHome,
    chats.addChildren([noConversation, conversation]),
    people,
    saved,
    search,
    settings,
    mail,
    inbox,
  ]),
])

export function createAppRouter(history: RouterHistory, client: Client) {
  return createRouter({
    routeTree,
    context: { client },
    history: keepOverlaysOut(history),
    defaultPreload: 'intent',
    defaultErrorComponent: ScreenError,
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
