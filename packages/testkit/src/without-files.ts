/** Where there is no disk and no process to look at files, as in the simulation: nobody uploads, and nothing is served. */
import type { AddressTokens } from '@recado/server/access/address-tokens.ts'
import type { MediaService } from '@recado/server/media/media.ts'
import { refuse } from '@recado/server/problem.ts'

export const withoutFiles: MediaService = {
  uploads: {
    fileBytes: 0,
    create: async () => refuse('too-large'),
    state: async () => refuse('not-found'),
    append: async () => refuse('not-found'),
    cancel: async () => refuse('not-found'),
  },
  inspector: { whenInspected: async () => undefined },
  contents: {
    read: async () => {
      throw new Error('there are no files here')
    },
  },
}

/** Nothing is loaded by its address there either. */
export const withoutAddresses: AddressTokens = {
  issue: ({ accountId, sessionId }) => ({ token: `${accountId}.${sessionId}`, expiresAt: new Date(0).toISOString() }),
  verify: () => refuse('unauthenticated'),
}
