/**
 * Addresses of files that the browser loads by itself. They carry what proves who asks, which is asked for once for all and
 * again before it ends; without a network there is none, and what the browser has kept shows all the same.
 */
import type { Client } from '@recado/client'
import type { MediaId } from '@recado/protocol'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useClient } from '../../../state/app-context.ts'
import { useSnapshot } from '../../../state/use-snapshot.ts'

export interface MediaAddress {
  /** Undefined until it is known. */
  of(id: MediaId, variant: 'original' | 'preview'): string | undefined
  /** It was refused: perhaps the sign-in is another one now. */
  readonly renew: () => void
}

interface Held {
  readonly token: string
  readonly until: number
}

/** Not used in its last moments. */
const unusableMs = 60_000
/** One that is refused is renewed so often at most: what may not be seen stays refused. */
const renewEveryMs = 30_000

class TokenSource {
  readonly #client: Client
  #held: Held | null = null
  #asking: Promise<Held> | null = null
  #renewedAt = 0

  constructor(client: Client) {
    this.#client = client
  }

  get current(): string | null {
    return this.#held && this.#held.until > Date.now() ? this.#held.token : null
  }

  get(): Promise<Held> {
    if (this.#held && this.#held.until > Date.now()) return Promise.resolve(this.#held)
    this.#asking ??= this.#client
      .call('media.getToken', {})
      .then(({ token, expiresAt }) => {
        this.#held = { token, until: Date.parse(expiresAt) - unusableMs }
        return this.#held
      })
      .finally(() => {
        this.#asking = null
      })
    return this.#asking
  }

  drop(): boolean {
    if (Date.now() - this.#renewedAt < renewEveryMs) return false
    this.#renewedAt = Date.now()
    this.#held = null
    return true
  }
}

const sources = new WeakMap<Client, TokenSource>()

function sourceOf(client: Client): TokenSource {
  const known = sources.get(client) ?? new TokenSource(client)
  sources.set(client, known)
  return known
}

export function useMediaAddress(): MediaAddress {
  const source = sourceOf(useClient())
  const online = useSnapshot(({ connection }) => connection.state === 'online')
  const [token, setToken] = useState(source.current)
  const ask = useCallback(() => {
    source.get().then(
      held => setToken(held.token),
      // It is asked for again when the connection is back.
      () => undefined,
    )
  }, [source])
  useEffect(() => {
    if (online) ask()
  }, [ask, online])
  return useMemo(
    () => ({
      of: (id, variant) => (token === null ? undefined : `/v1/media/${id}/${variant}?token=${token}`),
      renew: () => {
        if (source.drop()) ask()
      },
    }),
    [ask, source, token],
  )
}
