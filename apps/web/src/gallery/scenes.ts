/**
 * Every screen, dialog, menu and panel of the app, each in the states that look different: what the gallery shows and
 * what the tests walk through. A scene is a situation, a place, and what somebody did there.
 */
import type { DraftContent } from '@recado/client'
import type { AccountId, ConversationId, Message } from '@recado/protocol'
import type { App } from '../state/app-context.ts'
import type { FrameOverlay } from '../state/frame-overlay.ts'
import { chosenFiles, pictures } from './file-lines.ts'
import { isoAgo, letterDesk, me, toMessages } from './fixtures.ts'
import type { SituationName } from './situations.ts'

/** What somebody does to the first element that a selector finds. */
export type Step =
  | { readonly on: string; readonly does: 'click' | 'menu' | 'focus' }
  | { readonly on: string; readonly does: 'type'; readonly text: string }
  | { readonly on: string; readonly does: 'press'; readonly key: string }
  | { readonly on: string; readonly does: 'drop'; readonly files: readonly File[] }

export interface Scene {
  readonly path: string
  readonly situation: SituationName
  /** What the app shows from the start. */
  readonly show?: (app: App) => void
  readonly steps?: readonly Step[]
  /** What has to be there once it is as it should be. */
  readonly sees?: string
  /** Not on HTTPS, nor on this machine. */
  readonly insecure?: true
  /** A newer app waits to be started. */
  readonly update?: 'ready'
  readonly install?: 'installed' | 'offered'
  /** What there is for a mouse only. */
  readonly only?: 'desktop'
}

const group = '/app/chats/101'
const direct = '/app/chats/110'

function scene(path: string, rest: Partial<Scene> = {}): Scene {
  return { path, situation: 'busy', ...rest }
}

function message(sequence: number): Message {
  const found = toMessages(101, letterDesk)[sequence - 1]
  if (!found) throw new Error(`The letter desk has no message ${sequence}.`)
  return found
}

/** Something over the whole app. */
function over(overlay: FrameOverlay, rest: Partial<Scene> = {}): Scene {
  return scene(group, { show: app => app.overlay.set(overlay), sees: anyDialog, ...rest })
}

function told(...toasts: readonly { description: string; label?: string }[]): Partial<Scene> {
  return {
    sees: anyDialog,
    show: app =>
      app.toasts.set(
        toasts.map(({ description, label }) => ({
          description,
          ...(label && { action: { label, run: () => undefined } }),
        })),
      ),
  }
}

const noLetter: DraftContent = {
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  html: '<p></p>',
  inReplyTo: null,
  forwardOf: null,
  attachments: [],
}

/** Open, and not on its way in. */
const anyDialog = '[role=dialog]:not([data-starting-style])'
/** It comes when the connection has been away for a while. */
const offlineMark = '[role=status] .animate-arrive'
/** Of a screen that is loaded with its first visit. */
const heading = 'h1'
const foundPerson = '[role=dialog] li button[aria-pressed], [role=dialog] li [data-inset-focus]'
const drawnEmoji = '[role=dialog]:not([data-starting-style]) [role=gridcell]'
const anyMenu = '[role=menu]:not([data-starting-style])'

const click = (on: string): Step => ({ on, does: 'click' })
const menu = (on: string): Step => ({ on, does: 'menu' })
const type = (on: string, text: string): Step => ({ on, does: 'type', text })

const messageOf = (sequence: number) => `article[data-sequence="${sequence}"]`
const chatRow = (id: number) => `[data-chat="${id}"] a`
const filterAt = (place: number) => `[role=group] > button:nth-child(${place})`
const searchOfList = 'section input[type=search]'
const composer = 'main textarea'
const toolbar = `${messageOf(13)} [aria-haspopup=dialog]:not([id$="-when"] *)`
const dialogField = '[role=dialog] input:not([type=checkbox])'

const beforeSignIn = {
  'sign up': scene('/app/sign-up', { situation: 'signed-out' }),
  'sign in': scene('/app/sign-in', { situation: 'signed-out' }),
  'sign in without HTTPS': scene('/app/sign-in', { situation: 'signed-out', insecure: true }),
  'sign in refused': scene('/app/sign-in', {
    situation: 'signed-out',
    steps: [type('[name=login]', 'beatriz'), type('[name=password]', 'a wrong password'), click('[type=submit]')],
  }),
  'an address that leads nowhere': scene('/app/nowhere/at/all'),
}

const listOfChats = {
  chats: scene('/app/chats'),
  'chats, with a newer app': scene('/app/chats', { update: 'ready' }),
  'chats, and a part that is missing': scene('/app/chats', { show: app => app.missingPart.set('yes') }),
  'chats, none': scene('/app/chats', { situation: 'empty' }),
  'chats, loading': scene('/app/chats', { situation: 'loading' }),
  'chats, offline': scene('/app/chats', { situation: 'offline', sees: offlineMark }),
  'chats, nothing is kept': scene('/app/chats', { situation: 'memory' }),
  'chats, no room to keep them': scene('/app/chats', { situation: 'full' }),
  'chats, thousands': scene('/app/chats', { situation: 'many' }),
  'chats, unread ones': scene('/app/chats', { steps: [click(filterAt(2))] }),
  'chats, no mentions': scene('/app/chats', { situation: 'quiet', steps: [click(filterAt(4))] }),
  'chats, by name': scene('/app/chats', { steps: [type(searchOfList, 'ma')] }),
  'chats, no such name': scene('/app/chats', { steps: [type(searchOfList, 'nobody')] }),
  'chats, archived': scene('/app/chats', { steps: [click('ul:not(nav *) button')] }),
  'menu of a chat': scene('/app/chats', { steps: [menu(chatRow(110))], sees: anyMenu }),
  'menu of a pinned chat': scene('/app/chats', { steps: [menu(chatRow(101))], sees: anyMenu }),
}

const conversation = {
  group: scene(group),
  'direct chat': scene(direct),
  'chat, marked up': scene(group, { situation: 'markup' }),
  'chat with files': scene(group, { situation: 'files', sees: 'a[download]' }),
  'files chosen': scene(group, {
    situation: 'files',
    steps: [{ on: 'main', does: 'drop', files: chosenFiles() }],
    sees: 'form ul li img',
  }),
  'files on their way': scene(group, { situation: 'files', sees: 'progress' }),
  'picture over the screen': over(
    { kind: 'viewer', files: pictures, index: 0 },
    { situation: 'files', sees: '[data-testid=viewer]:not([data-starting-style]) img' },
  ),
  'chat, long': scene(group, { situation: 'long' }),
  'chat, much unread': scene(group, { situation: 'unread' }),
  'chat, offline': scene(group, { situation: 'offline', sees: offlineMark }),
  'chat, loading': scene(group, { situation: 'loading' }),
  'chat, left': scene(group, { situation: 'left' }),
  'chat, nothing written': scene('/app/chats/121', { situation: 'quiet' }),
  'chat that is not there': scene('/app/chats/999', { sees: 'main a[href="/app/chats"].min-h-11' }),
  'menu of a conversation': scene(group, { steps: [click('main header [aria-haspopup=menu]')], sees: anyMenu }),
  'message under the mouse': scene(group, { only: 'desktop', steps: [{ on: messageOf(13), does: 'focus' }] }),
  'quick reactions': scene(group, {
    only: 'desktop',
    steps: [{ on: messageOf(13), does: 'focus' }, click(toolbar)],
    sees: anyDialog,
  }),
  'more of a message': scene(group, {
    only: 'desktop',
    steps: [{ on: messageOf(13), does: 'focus' }, click(`${messageOf(13)} [aria-haspopup=menu]`)],
    sees: anyMenu,
  }),
  'menu of a message': scene(group, { steps: [menu(`${messageOf(12)} [id$="-what"]`)], sees: anyMenu }),
  'menu of an own message': scene(group, { steps: [menu(`${messageOf(13)} [id$="-what"]`)], sees: anyMenu }),
  'who has a message': scene(group, { steps: [click(`${messageOf(13)} [id$="-when"] button`)], sees: anyDialog }),
  'answering a message': scene(group, {
    steps: [menu(`${messageOf(12)} [id$="-what"]`), click('[role=menu] > [role=menuitem]')],
    sees: 'main form .animate-arrive',
  }),
  'editing a message': scene(group, { steps: [{ on: composer, does: 'press', key: 'ArrowUp' }] }),
  'mentioning somebody': scene(group, { steps: [type(composer, '@')] }),
  'naming an emoji': scene(group, { steps: [type(composer, ':smil')], sees: 'main [role=option]' }),
  'choosing an emoji': scene(group, { steps: [click('main form [aria-haspopup=dialog]')], sees: drawnEmoji }),
  'formatting what is written': scene(group, {
    only: 'desktop',
    steps: [type(composer, 'Warm white, 120 g.'), click('main form button[aria-pressed]')],
    sees: '[role=toolbar]',
  }),
  'writing too much': scene(group, { steps: [type(composer, 'Far too long. '.repeat(1_500))] }),
  'writing much': scene(group, { steps: [type(composer, `${'A line of some length. '.repeat(6)}\n`.repeat(20))] }),
}

const dialogs = {
  'forwarding a message': over({ kind: 'forward', message: message(9) }),
  'forwarding to nobody': over({ kind: 'forward', message: message(9) }, { steps: [type(dialogField, 'zzz')] }),
  'edits of a message': over({ kind: 'versions', message: message(3) }),
  'reacting with any emoji': over({ kind: 'react', message: message(13) }, { sees: drawnEmoji }),
  'going to a date': over({ kind: 'calendar', conversationId: 101 as ConversationId, at: isoAgo(60 * 26) }),
  'who reacted': over({ kind: 'reactions', message: message(5) }),
  profile: over({ kind: 'person', accountId: 3 as AccountId }),
  'profile of oneself': over({ kind: 'person', accountId: me }),
  palette: over({ kind: 'palette' }),
  'palette, found': over({ kind: 'palette' }, { steps: [type('[role=dialog] input', 'ma')] }),
  'palette, nothing found': over({ kind: 'palette' }, { steps: [type('[role=dialog] input', 'qqqq')] }),
  keys: over({ kind: 'keys' }),
  'new chat': over({ kind: 'new-chat' }, { steps: [type(dialogField, 'a')], sees: foundPerson }),
  'new group': over(
    { kind: 'new-group' },
    { steps: [type('[role=dialog] form > :nth-child(2) input', 'a'), click('[role=dialog] ul button')] },
  ),
  'signing out with something unsent': over({ kind: 'sign-out' }),
  bell: scene('/app/chats', { steps: [click('nav [aria-haspopup=dialog]')], sees: anyDialog }),
  'bell, nothing new': scene('/app/chats', {
    situation: 'empty',
    steps: [click('nav [aria-haspopup=dialog]')],
    sees: anyDialog,
  }),
}

const beside = {
  'details of a group': scene(`${group}?details=true`),
  'details of a person': scene(`${direct}?details=true`),
  'menu of a member': scene(`${group}?details=true`, {
    steps: [click('aside ul [aria-haspopup=menu]')],
    sees: anyMenu,
  }),
  'renaming a group': scene(`${group}?details=true`, { steps: [click('aside p + button')] }),
  'adding members': scene(`${group}?details=true`, {
    steps: [click('aside h3 + button'), type(dialogField, 'a')],
    sees: foundPerson,
  }),
}

const mail = {
  inbox: scene('/app/inbox', { sees: '[data-row]' }),
  'inbox, a mail open': scene('/app/inbox/4', { sees: 'article' }),
  'inbox, nothing': scene('/app/inbox', { situation: 'empty', sees: 'section h1' }),
  mail: scene('/app/mail/inbox', { situation: 'many', sees: '[data-mail]' }),
  'mail, loading': scene('/app/mail/inbox', { situation: 'loading' }),
  'mail, nothing': scene('/app/mail/inbox', { situation: 'empty', sees: 'section p' }),
  'mail, chosen': scene('/app/mail/inbox', {
    steps: [click('[data-mail] [role=checkbox]')],
    sees: '[data-mail] .bg-wax',
  }),
  'mail, folders': scene('/app/mail/inbox/1', { sees: 'article + article' }),
  'mail, sent': scene('/app/mail/sent/10', { sees: 'article' }),
  'mail, whom it reached': scene('/app/mail/sent/1', {
    steps: [click('[data-mail-card="2"] h2 button'), click('[data-mail-card="2"] .tabular[aria-haspopup=dialog]')],
    sees: `${anyDialog} time`,
  }),
  'mail, who is in the group': scene('/app/mail/inbox/4', {
    steps: [click('[data-mail-card="4"] li [aria-haspopup=dialog]')],
    sees: `${anyDialog} li`,
  }),
  'mail, not sent': scene('/app/mail/unsent/13', { situation: 'offline', sees: 'article [role=alert]' }),
  'mail, drafts': scene('/app/mail/drafts', { sees: 'section li' }),
  'mail, snooze': scene('/app/mail/inbox/5', {
    steps: [click('main header [aria-haspopup=dialog]')],
    sees: `${anyDialog} time`,
  }),
  'mail, labels': scene('/app/mail/label/8?label=Invoices', {
    steps: [click('main header [aria-haspopup=dialog] ~ [aria-haspopup=dialog]')],
    sees: `${anyDialog} [role=checkbox]`,
  }),
  'mail, formatted': scene('/app/mail/inbox/8', { sees: 'iframe' }),
  'mail that is not there': scene('/app/mail/inbox/999', { sees: 'main p' }),
  'writing a mail': scene('/app/mail/inbox/1', {
    situation: 'files',
    show: app => app.compose.set({ draftId: 'd1', start: null, focus: 'body' }),
    sees: '.ProseMirror h2',
  }),
  'writing a mail to somebody': scene('/app/mail/inbox', {
    show: app => app.compose.set({ draftId: 'd3', start: noLetter, focus: 'to' }),
    steps: [type('[data-field=to] input', 'a')],
    sees: '[data-field=to] [role=option]',
  }),
}

const others = {
  people: scene('/app/people', { sees: 'main li bdi.one-line' }),
  'people, found': scene('/app/people', {
    steps: [type('main input', 'ma')],
    sees: 'main li:first-child:nth-last-child(2)',
  }),
  'people, nobody': scene('/app/people', { steps: [type('main input', 'zzz')], sees: 'main p[role=status]' }),
  'searching everything': scene('/app/search?q=ma', { sees: 'main mark' }),
  'searching for what is not there': scene('/app/search?q=zzz%20from%3Anobody', { sees: 'main [role=note]' }),
  'searching without a network': scene('/app/search?q=ma', { situation: 'offline', sees: 'main mark' }),
  saved: scene('/app/saved', { sees: heading }),
  'saved, nothing': scene('/app/saved', { situation: 'empty', sees: heading }),
  settings: scene('/app/settings', { sees: heading }),
  'settings, nothing is kept': scene('/app/settings', { situation: 'memory', sees: heading }),
  'settings, no room to keep anything': scene('/app/settings', { situation: 'full', sees: heading }),
  'settings, installing is offered': scene('/app/settings', { install: 'offered', sees: heading }),
  'settings, installed': scene('/app/settings', { install: 'installed', sees: heading }),
  'settings without HTTPS, offline': scene('/app/settings', {
    situation: 'offline',
    insecure: true,
    sees: offlineMark,
  }),
  toast: scene('/app/chats', told({ description: 'Chat archived.', label: 'Undo' })),
  'toasts in a chat': scene(
    group,
    told(
      { description: 'Message deleted for everybody.', label: 'Undo' },
      { description: 'Could not reach the server. Nothing is lost: try again in a moment.' },
      {
        description:
          'João Pedro de Alcântara Figueiredo e Souza in Letter desk: invitations for the winter party: One more thing before it does, is the address right?',
        label: 'Open',
      },
    ),
  ),
}

const hostile = {
  'hostile chats': scene('/app/chats', { situation: 'hostile' }),
  'hostile group': scene(group, { situation: 'hostile' }),
  'hostile details': scene(`${group}?details=true`, { situation: 'hostile' }),
  'hostile people': scene('/app/people', { situation: 'hostile' }),
  'hostile palette': over({ kind: 'palette' }, { situation: 'hostile', steps: [type('[role=dialog] input', 'a')] }),
  'hostile bell': scene('/app/chats', {
    situation: 'hostile',
    steps: [click('nav [aria-haspopup=dialog]')],
    sees: anyDialog,
  }),
  'hostile saved': scene('/app/saved', { situation: 'hostile', sees: heading }),
}

export const scenes = {
  ...beforeSignIn,
  ...listOfChats,
  ...conversation,
  ...dialogs,
  ...beside,
  ...mail,
  ...others,
  ...hostile,
}
export type SceneName = keyof typeof scenes

export function isSceneName(name: string | null): name is SceneName {
  return name !== null && Object.hasOwn(scenes, name)
}
