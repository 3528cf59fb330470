import { hash } from 'node:crypto'

/** What tells another request under the same key (L3): 128 bits over its content. */
export function fingerprint(...content: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(content), 'base64url').slice(0, 22)
}
