/** What the page's main thread did, from Chromium's own trace. */
import type { Browser, Page } from 'playwright-core'

interface Task {
  readonly from: number
  readonly to: number
  /** How much of it the thread had a processor: on a machine that does other things too, not all. */
  readonly share: number
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds. */
  readonly ts: number
  readonly dur?: number
  /** What of it the thread had a processor. */
  readonly tdur?: number
  readonly args?: { readonly name?: string; readonly data?: { readonly type?: string } }
}

/** How long the main thread was busy, in milliseconds. */
export interface Trace {
  /** After each event of this kind until the next one. */
  busyAfter(kind: string): readonly number[]
  /** From each `performance.mark` of one name to the next one of the other. */
  busyBetween(from: string, to: string): readonly number[]
}

const categories = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'blink.user_timing',
  'toplevel',
  '__metadata',
]

export async function traced(browser: Browser, page: Page, work: () => Promise<void>): Promise<Trace> {
  await browser.startTracing(page, { categories, screenshots: false })
  await work()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  return readTrace(traceEvents)
}

function readTrace(events: readonly TraceEvent[]): Trace {
  const thread = findMainThread(events)
  const own = events.filter(event => `${event.pid}/${event.tid}` === thread)
  const tasks = own
    .filter(({ name }) => name === 'RunTask')
    .map(({ ts, dur = 0, tdur = dur }) => ({ from: ts, to: ts + dur, share: dur === 0 ? 0 : tdur / dur }))
  const timesOf = (chosen: (event: TraceEvent) => boolean) =>
    own
      .filter(chosen)
      .map(({ ts }) => ts)
      .sort((a, b) => a - b)
  return {
    busyAfter(kind) {
      const starts = timesOf(({ name, args }) => name === 'EventDispatch' && args?.data?.type === kind)
      return starts.map((start, index) => busyWithin(tasks, start, starts[index + 1] ?? start + 500_000) / 1_000)
    },
    busyBetween(from, to) {
      const ends = timesOf(({ name }) => name === to)
      return timesOf(({ name }) => name === from).map(start => {
        const end = ends.find(at => at > start) ?? start
        return busyWithin(tasks, start, end) / 1_000
      })
    },
  }
}

function busyWithin(tasks: readonly Task[], from: number, to: number): number {
  const within = (task: Task) => Math.max(0, Math.min(task.to, to) - Math.max(task.from, from))
  return tasks.reduce((sum, task) => sum + within(task) * task.share, 0)
}

/** Of all renderers' main threads the one that dispatched events, else the busiest. */
function findMainThread(events: readonly TraceEvent[]): string {
  const mains = events
    .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid}/${tid}`)
  const weight = new Map<string, number>()
  for (const { name, pid, tid, dur = 0 } of events) {
    const thread = `${pid}/${tid}`
    if (mains.includes(thread))
      weight.set(thread, (weight.get(thread) ?? 0) + dur + (name === 'EventDispatch' ? 1e9 : 0))
  }
  return [...weight].sort(([, a], [, b]) => b - a)[0]?.[0] ?? ''
}
