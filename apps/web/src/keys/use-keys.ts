/**
 * Keys that act wherever the focus is. A part that has the focus handles its own keys first and says so by
 * `preventDefault`; what is left arrives here.
 */
import { useLayoutEffect, useRef } from 'react'
import { useApp } from '../state/app-context.ts'
import { combosOf, type KeyId } from './key-table.ts'
import { isCharacter, isKey } from './match-key.ts'

/** Returns false when there is nothing to do here: then the browser has the key. */
export type KeyHandlers = { readonly [Id in KeyId]?: () => unknown }

export function useKeys(handlers: KeyHandlers): void {
  const { preferences } = useApp()
  const latest = useRef(handlers)
  latest.current = handlers
  // From the first frame on: whoever sees the app may press a key.
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isCovered(event.target)) return
      for (const [id, handler] of Object.entries(latest.current) as [KeyId, () => unknown][]) {
        if (!isKey(event, id)) continue
        const character = combosOf(id).some(combo => isCharacter(combo)) && !event.ctrlKey && !event.metaKey
        if (character && (isTyping(event.target) || preferences.get().singleKeys === 'off')) continue
        if (handler() === false) continue
        event.preventDefault()
        return
      }
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [preferences])
}

/** Dialogs, menus and panels have keys of their own, and typing in a menu looks for its entries. What leaves has none. */
const covers = ':is([role=dialog], [role=alertdialog], [role=menu]):not([data-closed])'

function isCovered(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(covers) !== null
}

const written = new Set([
  'text',
  'search',
  'email',
  'tel',
  'url',
  'password',
  'number',
  'date',
  'time',
  'datetime-local',
])

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return written.has(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
}
