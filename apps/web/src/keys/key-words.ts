import { useLingui } from '@lingui/react/macro'
import type { KeyId, KeyPlace } from './key-table.ts'

/** What each key does. A key without its words does not compile. */
export function useKeyWords(): Record<KeyId, string> {
  const { t } = useLingui()
  return {
    palette: t`Find anything, do anything`,
    help: t`Show all keys`,
    newChat: t`New chat`,
    findChat: t`Find a chat`,
    previousChat: t`Previous chat`,
    nextChat: t`Next chat`,
    details: t`Open or close the details`,
    settings: t`Settings`,
    toasts: t`Go to the notices on screen`,
    stepBack: t`One step back; nothing written is lost`,
    rowAbove: t`Row above`,
    rowBelow: t`Row below`,
    choose: t`Open or choose`,
    nextInRow: t`Next in the row`,
    previousInRow: t`Previous in the row`,
    firstInRow: t`First in the row`,
    lastInRow: t`Last in the row`,
    pageAbove: t`Some rows up`,
    pageBelow: t`Some rows down`,
    contextMenu: t`Menu of the chat or the message`,
    wider: t`Move the edge between two panes right`,
    narrower: t`Move the edge between two panes left`,
    pinChat: t`Pin or unpin the chat`,
    pinUp: t`Move a pinned chat up`,
    pinDown: t`Move a pinned chat down`,
    muteChat: t`Mute or unmute the chat`,
    archiveChat: t`Archive the chat, or take it out`,
    unreadChat: t`Mark the chat as unread or read`,
    messageAbove: t`Message above`,
    messageBelow: t`Message below`,
    firstMessage: t`First message on screen`,
    lastMessage: t`Last message on screen`,
    send: t`Send`,
    newLine: t`New line`,
    editLast: t`In an empty field: edit your last message`,
    complete: t`Take the chosen suggestion`,
    bold: t`Bold`,
    italic: t`Italic`,
    strike: t`Strikethrough`,
    code: t`Code`,
    quote: t`Quotation`,
    list: t`List`,
    link: t`Link`,
    dayBefore: t`Day before`,
    dayAfter: t`Day after`,
    weekBefore: t`Week before`,
    weekAfter: t`Week after`,
    weekStart: t`First day of the week`,
    weekEnd: t`Last day of the week`,
    monthBefore: t`Month before`,
    monthAfter: t`Month after`,
    yearBefore: t`Year before`,
    yearAfter: t`Year after`,
  }
}

export function usePlaceWords(): Record<KeyPlace, string> {
  const { t } = useLingui()
  return {
    everywhere: t`Everywhere`,
    lists: t`In lists and on edges between panes`,
    rows: t`In rows of buttons, in menus and among emoji`,
    messages: t`On a message`,
    writing: t`While writing`,
    calendar: t`In the calendar`,
  }
}
