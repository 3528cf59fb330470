/** The service worker as the page sees it: put in place, or taken away with all that it keeps. */

const address = '/sw.js'

/** Whether this page may have one: not on plain `http://`, not while developing, not where the server switched it off. */
export function findWorkerPlace(): 'here' | 'switched-off' | 'impossible' {
  if (!('serviceWorker' in navigator) || !window.isSecureContext) return 'impossible'
  const { offlineApp } = document.documentElement.dataset
  return import.meta.env.DEV || offlineApp === 'off' ? 'switched-off' : 'here'
}

/** What the content policy wants of an address that becomes a script: made by the one policy it names. */
interface ScriptPolicies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

export async function registerWorker(): Promise<ServiceWorkerRegistration> {
  const policies = 'trustedTypes' in window ? (window.trustedTypes as ScriptPolicies) : null
  const policy = policies?.createPolicy('recado', { createScriptURL: onlyOurs })
  const script = policy?.createScriptURL(address) ?? address
  return navigator.serviceWorker.register(script, { scope: '/', updateViaCache: 'none' })
}

function onlyOurs(url: string): string {
  if (url !== address) throw new TypeError(`${url} is not the service worker.`)
  return url
}

export async function removeWorker(): Promise<void> {
  const registrations = await navigator.serviceWorker.getRegistrations()
  await Promise.all(registrations.map(registration => registration.unregister()))
  for (const name of await caches.keys()) await caches.delete(name)
}
