interface ImportMetaEnv {
  /** The version of the app, put in by the build. */
  readonly RECADO_VERSION: string
}
