import { createStore, type Store } from './store.ts'

export interface ToastAction {
  readonly label: string
  readonly run: () => void
}

/** Something that happened, and at most one thing to do about it. */
export interface ToastRequest {
  readonly description: string
  readonly action?: ToastAction
}

/** What waits to be shown: filled from anywhere, emptied by the surface, which is loaded with the first of them. */
export type ToastQueue = Store<readonly ToastRequest[]>

export function createToastQueue(): ToastQueue {
  return createStore<readonly ToastRequest[]>([])
}
