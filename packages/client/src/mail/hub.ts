import type { Schedule } from '../ports.ts'

type Listener = () => void

/** Who listens to one handle, or to the whole. */
export class Listeners {
  readonly #hub: Hub
  readonly all = new Set<Listener>()

  constructor(hub: Hub) {
    this.#hub = hub
  }

  readonly add = (listener: Listener): (() => void) => {
    this.all.add(listener)
    return () => this.all.delete(listener)
  }

  changed(): void {
    if (this.all.size > 0) this.#hub.due(this)
  }
}

/** Gathers changes into one beat: listeners hear of them once, however many there were. */
export class Hub {
  schedule: Schedule = queueMicrotask
  readonly #due = new Set<Listeners>()

  due(listeners: Listeners): void {
    this.#due.add(listeners)
    if (this.#due.size === 1) this.schedule(() => this.#fire())
  }

  #fire(): void {
    const due = [...this.#due]
    this.#due.clear()
    for (const { all } of due) for (const listener of [...all]) listener()
  }
}
