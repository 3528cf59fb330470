/**
 * How a new build reaches pages that stay open for weeks: the service worker fetches it in the background, the person says
 * when, and then all tabs change together. A tab in which something is being written, or can still be undone, waits.
 */
import type { FromWorker, ToWorker } from '../../worker/contract.ts'
import { createStore, type Store } from '../state/store.ts'
import { findWorkerPlace, registerWorker, removeWorker } from './worker.ts'

/** `ready`: a newer build is on this device, and this page is of an older one. */
export type UpdateState = 'current' | 'ready'

export interface Updates {
  readonly state: Pick<Store<UpdateState>, 'get' | 'subscribe'>
  /** Asks the server whether there is a newer build, at most once a minute. */
  check(): void
  /** Loads this page again, in the newest build that is here. */
  reload(): Promise<void>
}

export interface UpdatesOptions {
  /** Whether this page may be loaded again without anybody having asked in it. */
  readonly mayReload: () => boolean
}

const checkEveryMs = 60 * 60_000
const checkAtMostEveryMs = 60_000
/** A worker that does not take over by then is not waited for. */
const takeOverPatienceMs = 5_000

/** The script that this page started with names its build. */
function findOwnEntry(): string | null {
  return document.querySelector('script[type=module][src]')?.getAttribute('src') ?? null
}

export function createUpdates({ mayReload }: UpdatesOptions): Updates {
  const state = createStore<UpdateState>('current')
  const ownEntry = findOwnEntry()
  let registration: ServiceWorkerRegistration | null = null
  /** `taken`: another tab had the new build take over. */
  let newest: 'ours' | 'taken' | 'reloading' = 'ours'
  let checkedAt = Date.now()

  function look(): void {
    const waits = registration?.waiting != null && registration.active !== null
    state.set(waits || newest === 'taken' ? 'ready' : 'current')
  }

  function reloadIfUnused(): void {
    if (newest !== 'taken' || !mayReload()) return
    newest = 'reloading'
    window.location.reload()
  }

  function heard({ data }: MessageEvent<FromWorker | null>): void {
    if (data?.kind !== 'active' || data.entry === ownEntry || newest === 'reloading') return
    newest = 'taken'
    look()
    reloadIfUnused()
  }

  function watch(found: ServiceWorkerRegistration): void {
    registration = found
    found.addEventListener('updatefound', () => found.installing?.addEventListener('statechange', look))
    found.waiting?.addEventListener('statechange', look)
    found.installing?.addEventListener('statechange', look)
    look()
  }

  function check(): void {
    if (!registration || Date.now() - checkedAt < checkAtMostEveryMs) return
    checkedAt = Date.now()
    // Without a network, or once the worker was taken away, there is nothing to learn.
    registration.update().catch(() => undefined)
  }

  async function start(): Promise<void> {
    const place = findWorkerPlace()
    if (place === 'switched-off') await removeWorker()
    if (place !== 'here') return
    navigator.serviceWorker.addEventListener('message', heard)
    document.addEventListener('visibilitychange', () => {
      reloadIfUnused()
      if (document.visibilityState === 'visible') check()
    })
    window.addEventListener('blur', reloadIfUnused)
    setInterval(check, checkEveryMs)
    watch(await registerWorker())
  }

  // Storage that is forbidden forbids workers too: the app then starts from the network, as before there were any.
  afterLoad(() => void start().catch(() => undefined))

  return {
    state,
    check,
    async reload() {
      newest = 'reloading'
      const waiting = registration?.waiting
      if (waiting) await takeOver(waiting)
      window.location.reload()
    },
  }
}

async function takeOver(worker: ServiceWorker): Promise<void> {
  const message: ToWorker = { kind: 'activate' }
  await new Promise<void>(resolve => {
    navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
    setTimeout(resolve, takeOverPatienceMs)
    worker.postMessage(message)
  })
}

/** The first load has the line for itself. */
function afterLoad(task: () => void): void {
  if (document.readyState === 'complete') task()
  else window.addEventListener('load', task, { once: true })
}
