/** What the build, the service worker and the app tell each other. */

/** The files of one build. Paths begin at the origin. */
export interface AppFiles {
  /** Changes with any of them. */
  readonly build: string
  /** The one document, kept under this path for every address of the app. */
  readonly page: string
  /** The script that the page starts with. Its name changes with any script, so it also names the build to the app. */
  readonly entry: string
  readonly files: readonly string[]
}

export type ToWorker = { readonly kind: 'activate' }

/** From now on this build answers. */
export type FromWorker = { readonly kind: 'active'; readonly entry: string }
