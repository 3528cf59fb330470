/** The app as the next release might bring it: built from the same source under another version number. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'

export interface AnotherBuild extends AsyncDisposable {
  readonly webDist: string
}

export async function buildAnother(version: string): Promise<AnotherBuild> {
  const webDist = await mkdtemp(join(tmpdir(), 'recado-build-'))
  const root = join(import.meta.dirname, '..')
  // The runner of the tests sets another, by which Vite would build for development.
  process.env['NODE_ENV'] = 'production'
  await build({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    define: { 'import.meta.env.RECADO_VERSION': JSON.stringify(version) },
    build: { outDir: webDist, emptyOutDir: true },
  })
  process.env['NODE_ENV'] = 'test'
  return { webDist, [Symbol.asyncDispose]: () => rm(webDist, { recursive: true }) }
}

export async function copyBuild(build: AnotherBuild): Promise<AnotherBuild> {
  const webDist = await mkdtemp(join(tmpdir(), 'recado-build-'))
  await cp(build.webDist, webDist, { recursive: true })
  return { webDist, [Symbol.asyncDispose]: () => rm(webDist, { recursive: true }) }
}
