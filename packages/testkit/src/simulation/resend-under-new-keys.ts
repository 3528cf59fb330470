import type { Planted } from './world.ts'

/** A fault to be found: what a device sends again comes under another key, so the server takes it for another one. */
export function resendUnderNewKeys(operation: string): Planted {
  const seen = new Set<string>()
  return {
    distort: {
      toServer: text => {
        const key = /"clientMessageId":"([^"]+)"/.exec(text)?.[1]
        if (key === undefined || !text.includes(`"op":"${operation}"`)) return text
        if (seen.has(key)) return text.replace(key, `${key}-${seen.size}`)
        seen.add(key)
        return text
      },
    },
  }
}
