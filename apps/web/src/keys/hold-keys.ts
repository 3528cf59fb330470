/**
 * What is typed while something opens is meant for it. Until it has the focus the keys would reach what was there before: a
 * search would become a message, a name the commands of a list. So they are held, and given on in order to the field that
 * gets the focus; Esc takes back the opening. What has no field of its own, or never comes, lets them go.
 */
interface Opening {
  readonly isWanted: () => boolean
  readonly giveUp: () => void
}

const open = '[role=dialog][data-open]'

export function holdKeys({ isWanted, giveUp }: Opening): void {
  const held: KeyboardEvent[] = []
  let arrived = false
  const stop = () => {
    window.removeEventListener('keydown', onKeyDown, true)
    document.removeEventListener('focusin', onFocus)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isWanted() || (!arrived && isIn(event.target))) return stop()
    if (isForBrowser(event)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (event.key === 'Backspace') held.pop()
    else if (event.key !== 'Escape') held.push(event)
    else {
      stop()
      giveUp()
    }
  }
  const onFocus = ({ target }: FocusEvent) => {
    if (arrived || !isIn(target)) return
    arrived = true
    // A field that takes the focus as it is drawn does not listen yet.
    setTimeout(() => {
      stop()
      const { activeElement } = document
      if (activeElement instanceof HTMLInputElement && isIn(activeElement)) void giveOn(held, activeElement)
    })
  }
  window.addEventListener('keydown', onKeyDown, true)
  document.addEventListener('focusin', onFocus)
}

function isIn(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(open) !== null
}

/** Also what an input method composes, which cannot be held. */
function isForBrowser(event: KeyboardEvent): boolean {
  const command = (event.ctrlKey || event.altKey) && !event.getModifierState('AltGraph')
  return command || event.metaKey || event.isComposing || /^(?:Process|Dead|Shift|AltGraph|F\d+)$/u.test(event.key)
}

async function giveOn(held: readonly KeyboardEvent[], field: HTMLInputElement): Promise<void> {
  for (const { key, code, shiftKey } of held) {
    if (key.length === 1) document.execCommand('insertText', false, key)
    else {
      // What was found for the letters before it is there once they were drawn.
      await new Promise(resolve => setTimeout(resolve))
      field.dispatchEvent(new KeyboardEvent('keydown', { key, code, shiftKey, bubbles: true, cancelable: true }))
    }
  }
}
