import { join } from 'node:path'

/** What lies in `<data folder>/database`. Everything is private to the account that runs the server. */
export interface Layout {
  readonly folder: string
  /** PostgreSQL's own folder. It appears whole or not at all: `initdb` works on `initialising`, then it is renamed. */
  readonly data: string
  readonly initialising: string
  /** Where the Unix socket is. */
  readonly run: string
  readonly password: string
  readonly log: string
  readonly reserve: string
  /** Remembers a copy of PostgreSQL's programs; see programs.ts. */
  readonly programsNote: string
}

export function layoutIn(dataDir: string): Layout {
  const folder = join(dataDir, 'database')
  return {
    folder,
    data: join(folder, 'data'),
    initialising: join(folder, 'data.initialising'),
    run: join(folder, 'run'),
    password: join(folder, 'password'),
    log: join(folder, 'postgres.log'),
    reserve: join(folder, 'reserve'),
    programsNote: join(folder, 'programs'),
  }
}
