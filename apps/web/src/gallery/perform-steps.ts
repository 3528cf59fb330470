/** Does what a scene says, as soon as what it is done to is there. */
import type { Step } from './scenes.ts'

const patienceMs = 10_000

export async function performSteps(steps: readonly Step[]): Promise<void> {
  for (const step of steps) perform(step, await findElement(step.on))
}

export async function findElement(selector: string): Promise<HTMLElement> {
  const until = performance.now() + patienceMs
  while (performance.now() < until) {
    const found = [...document.querySelectorAll<HTMLElement>(selector)].find(element => element.checkVisibility())
    if (found) return found
    await new Promise(resolve => requestAnimationFrame(resolve))
  }
  throw new Error(`Nothing in this scene is ${selector}.`)
}

function perform(step: Step, element: HTMLElement): void {
  switch (step.does) {
    case 'click':
      element.focus()
      element.click()
      return
    case 'focus':
      element.focus()
      return
    case 'menu': {
      element.scrollIntoView({ block: 'nearest' })
      const { left, top, width, height } = element.getBoundingClientRect()
      const place = { clientX: left + width / 3, clientY: top + height / 2 }
      element.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, button: 2, ...place }))
      return
    }
    case 'press':
      element.focus()
      element.dispatchEvent(new KeyboardEvent('keydown', { key: step.key, bubbles: true, cancelable: true }))
      return
    case 'drop': {
      const dataTransfer = new DataTransfer()
      for (const file of step.files) dataTransfer.items.add(file)
      element.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }))
      return
    }
    case 'type':
      typeInto(element, step.text)
      return
    default:
      step satisfies never
  }
}

/** React reads a field's value through its own setter, so a new one has to come from the field's. */
function typeInto(element: HTMLElement, text: string): void {
  element.focus()
  const kind = element instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement
  Object.getOwnPropertyDescriptor(kind.prototype, 'value')?.set?.call(element, text)
  element.dispatchEvent(new InputEvent('input', { bubbles: true, data: text }))
}
