/** An id that nobody guesses, also where the page is not served by HTTPS. */
export function createId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}
