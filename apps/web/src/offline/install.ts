/** Installing the app: the browser says when it can be offered, and asks the person itself. */
import { createStore, type Store } from '../state/store.ts'

/** `by-hand`: only the browser's own menu can, or it has not said yet. */
export type InstallState = 'installed' | 'offered' | 'by-hand'

export interface Installing {
  readonly state: Pick<Store<InstallState>, 'get' | 'subscribe'>
  ask(): Promise<void>
}

/** Chromium's, and no standard. */
interface InstallOffer extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>
}

/** Early: the browser makes its offer once, as soon as it can. */
export function createInstalling(): Installing {
  const standalone = window.matchMedia('(display-mode: standalone)')
  const state = createStore<InstallState>(standalone.matches ? 'installed' : 'by-hand')
  let offer: InstallOffer | null = null
  window.addEventListener('beforeinstallprompt', event => {
    // Its own banner would come unasked.
    event.preventDefault()
    offer = event as InstallOffer
    state.set('offered')
  })
  window.addEventListener('appinstalled', () => {
    offer = null
    state.set('installed')
  })
  return {
    state,
    async ask() {
      const now = offer
      if (!now) return
      offer = null
      // An offer is good for one question.
      const { outcome } = await now.prompt()
      state.set(outcome === 'accepted' ? 'installed' : 'by-hand')
    },
  }
}
