/**
 * Work that catching up needs, at most a few pieces at a time: newest first, and a job that has more to do after a page
 * goes behind those that wait, so one long history holds up nobody (L10). Jobs of one name never run twice at once.
 */
import type { Cancel, Clock, Random } from '../ports.ts'
import { backOffMs } from './back-off.ts'

/** `again`: there is more; `later`: try again after a pause, at least `afterMs`. */
export type JobOutcome = 'done' | 'again' | { readonly later: number }

export interface Job {
  readonly name: string
  /** Higher goes first. */
  readonly priority: number
  /** Calls `finish` exactly once, unless the connection is lost. */
  run(finish: (outcome: JobOutcome) => void): void
}

interface Entry {
  job: Job
  /** Grows each time the job goes to the back. */
  round: number
  order: number
  state: 'queued' | 'running' | 'paused'
  /** Asked for again while it was running. */
  rerun: Job | null
  attempt: number
  cancel: Cancel
}

const parallelJobs = 4
const jobBackOff = { firstMs: 250, maxMs: 10_000 }

export class Jobs {
  readonly #clock: Clock
  readonly #random: Random
  readonly #idle: () => void
  readonly #entries = new Map<string, Entry>()
  #running = 0
  #orders = 0
  #generation = 0

  constructor(clock: Clock, random: Random, idle: () => void) {
    this.#clock = clock
    this.#random = random
    this.#idle = idle
  }

  get idle(): boolean {
    return this.#entries.size === 0
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  add(job: Job): void {
    const entry = this.#entries.get(job.name)
    if (!entry) {
      const fresh: Entry = {
        job,
        round: 0,
        order: this.#orders++,
        state: 'queued',
        rerun: null,
        attempt: 0,
        cancel: () => undefined,
      }
      this.#entries.set(job.name, fresh)
      this.#fill()
    } else if (entry.state === 'running') {
      entry.rerun = job
    } else {
      entry.job = job
    }
  }

  /** The connection ended: what runs will never finish, and the next connection says anew what is to be done. */
  clear(): void {
    for (const entry of this.#entries.values()) entry.cancel()
    this.#entries.clear()
    this.#running = 0
    this.#generation++
  }

  #fill(): void {
    while (this.#running < parallelJobs) {
      const next = this.#next()
      if (!next) return
      this.#run(next)
    }
  }

  #next(): Entry | undefined {
    let best: Entry | undefined
    for (const entry of this.#entries.values()) {
      if (entry.state === 'queued' && (!best || before(entry, best))) best = entry
    }
    return best
  }

  #run(entry: Entry): void {
    const generation = this.#generation
    entry.state = 'running'
    this.#running++
    entry.job.run(outcome => {
      if (generation !== this.#generation) return
      this.#running--
      this.#settle(entry, outcome)
      this.#fill()
      if (this.#entries.size === 0) this.#idle()
    })
  }

  #settle(entry: Entry, outcome: JobOutcome): void {
    if (outcome === 'done' && !entry.rerun) {
      this.#entries.delete(entry.job.name)
      return
    }
    if (entry.rerun && outcome === 'done') entry.job = entry.rerun
    if (outcome !== 'again') entry.rerun = null
    if (typeof outcome === 'string') {
      entry.state = 'queued'
      entry.round++
      entry.attempt = 0
      return
    }
    entry.state = 'paused'
    const afterMs = Math.max(outcome.later, backOffMs(jobBackOff, entry.attempt++, this.#random.next()))
    entry.cancel = this.#clock.setTimer(afterMs, () => {
      entry.state = 'queued'
      this.#fill()
    })
  }
}

function before(a: Entry, b: Entry): boolean {
  if (a.round !== b.round) return a.round < b.round
  if (a.job.priority !== b.job.priority) return a.job.priority > b.job.priority
  return a.order < b.order
}
