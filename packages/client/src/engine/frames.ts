import type { ServerFrame } from '@recado/protocol'

const frameTypes: Readonly<Record<ServerFrame['type'], true>> = {
  reply: true,
  event: true,
  positions: true,
  bell: true,
  deliveries: true,
  presence: true,
  typing: true,
  behind: true,
  'caught-up': true,
}

/**
 * Reads a frame; null for what this client does not know, which a newer server may send. The server is believed about
 * what is inside: the schemas need a compiler that a browser's content policy forbids.
 */
export function parseFrame(text: string): ServerFrame | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return isFrame(value) ? value : null
}

function isFrame(value: unknown): value is ServerFrame {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    Object.hasOwn(frameTypes, value.type)
  )
}
