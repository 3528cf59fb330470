/**
 * Every key of the app: the one list that handlers match against and that the keyboard help shows, so the two cannot
 * differ. A combination is a key as `KeyboardEvent.key` names it (letters and signs as printed), after `Mod+` (Command on
 * Apple's systems, Ctrl elsewhere), `Alt+` or `Shift+`; any one of a list does.
 *
 * Letters and signs alone act only where nobody types, and can be switched off (WCAG 2.1.4).
 */
export type KeyboardSystem = 'apple' | 'other'

export interface KeyEntry {
  readonly combos: readonly [string, ...string[]]
  readonly place: KeyPlace
  /** Apple's systems have no such key. */
  readonly notOn?: 'apple'
}

/** Where a key acts, in the order of the keyboard help. */
export const keyPlaces = ['everywhere', 'lists', 'rows', 'messages', 'mail', 'writing', 'calendar'] as const
export type KeyPlace = (typeof keyPlaces)[number]

export const keyTable = {
  palette: { combos: ['Mod+K'], place: 'everywhere' },
  help: { combos: ['?', 'Mod+/'], place: 'everywhere' },
  newChat: { combos: ['C'], place: 'everywhere' },
  findChat: { combos: ['/'], place: 'everywhere' },
  previousChat: { combos: ['Alt+ArrowUp'], place: 'everywhere' },
  nextChat: { combos: ['Alt+ArrowDown'], place: 'everywhere' },
  details: { combos: ['Mod+.'], place: 'everywhere' },
  settings: { combos: ['Mod+,'], place: 'everywhere' },
  toasts: { combos: ['F6'], place: 'everywhere' },
  stepBack: { combos: ['Escape'], place: 'everywhere' },
  rowAbove: { combos: ['ArrowUp'], place: 'lists' },
  rowBelow: { combos: ['ArrowDown'], place: 'lists' },
  choose: { combos: ['Enter'], place: 'lists' },
  nextInRow: { combos: ['ArrowRight'], place: 'rows' },
  previousInRow: { combos: ['ArrowLeft'], place: 'rows' },
  firstInRow: { combos: ['Home'], place: 'rows' },
  lastInRow: { combos: ['End'], place: 'rows' },
  pageAbove: { combos: ['PageUp'], place: 'rows' },
  pageBelow: { combos: ['PageDown'], place: 'rows' },
  contextMenu: { combos: ['ContextMenu', 'Shift+F10'], place: 'lists', notOn: 'apple' },
  wider: { combos: ['ArrowRight'], place: 'lists' },
  narrower: { combos: ['ArrowLeft'], place: 'lists' },
  pinChat: { combos: ['P'], place: 'lists' },
  pinUp: { combos: ['Alt+Shift+ArrowUp'], place: 'lists' },
  pinDown: { combos: ['Alt+Shift+ArrowDown'], place: 'lists' },
  muteChat: { combos: ['M'], place: 'lists' },
  archiveChat: { combos: ['E'], place: 'lists' },
  unreadChat: { combos: ['U'], place: 'lists' },
  messageAbove: { combos: ['ArrowUp'], place: 'messages' },
  messageBelow: { combos: ['ArrowDown'], place: 'messages' },
  firstMessage: { combos: ['Home'], place: 'messages' },
  lastMessage: { combos: ['End'], place: 'messages' },
  nextMail: { combos: ['J'], place: 'mail' },
  previousMail: { combos: ['K'], place: 'mail' },
  archiveMail: { combos: ['E'], place: 'mail' },
  trashMail: { combos: ['#'], place: 'mail' },
  unreadMail: { combos: ['U'], place: 'mail' },
  starMail: { combos: ['S'], place: 'mail' },
  chooseMail: { combos: ['X'], place: 'mail' },
  replyMail: { combos: ['R'], place: 'mail' },
  replyAllMail: { combos: ['A'], place: 'mail' },
  forwardMail: { combos: ['F'], place: 'mail' },
  composeMail: { combos: ['C'], place: 'mail' },
  sendMail: { combos: ['Mod+Enter'], place: 'mail' },
  takeOut: { combos: ['Backspace'], place: 'mail' },
  send: { combos: ['Enter', 'Mod+Enter'], place: 'writing' },
  newLine: { combos: ['Shift+Enter'], place: 'writing' },
  editLast: { combos: ['ArrowUp'], place: 'writing' },
  complete: { combos: ['Enter', 'Tab'], place: 'writing' },
  bold: { combos: ['Mod+B'], place: 'writing' },
  italic: { combos: ['Mod+I'], place: 'writing' },
  strike: { combos: ['Mod+Shift+X'], place: 'writing' },
  code: { combos: ['Mod+E'], place: 'writing' },
  quote: { combos: ['Mod+Shift+E'], place: 'writing' },
  list: { combos: ['Mod+Shift+L'], place: 'writing' },
  link: { combos: ['Mod+Shift+U'], place: 'writing' },
  dayBefore: { combos: ['ArrowLeft'], place: 'calendar' },
  dayAfter: { combos: ['ArrowRight'], place: 'calendar' },
  weekBefore: { combos: ['ArrowUp'], place: 'calendar' },
  weekAfter: { combos: ['ArrowDown'], place: 'calendar' },
  weekStart: { combos: ['Home'], place: 'calendar' },
  weekEnd: { combos: ['End'], place: 'calendar' },
  monthBefore: { combos: ['PageUp'], place: 'calendar' },
  monthAfter: { combos: ['PageDown'], place: 'calendar' },
  yearBefore: { combos: ['Shift+PageUp'], place: 'calendar' },
  yearAfter: { combos: ['Shift+PageDown'], place: 'calendar' },
} as const satisfies Record<string, KeyEntry>

export type KeyId = keyof typeof keyTable
export const keyIds = Object.keys(keyTable) as KeyId[]

/** The keys of one place, on this system. */
export function keysOf(place: KeyPlace, system: KeyboardSystem): readonly KeyId[] {
  return keyIds.filter(id => {
    const entry: KeyEntry = keyTable[id]
    return entry.place === place && entry.notOn !== system
  })
}

export function combosOf(id: KeyId): readonly string[] {
  return keyTable[id].combos
}
