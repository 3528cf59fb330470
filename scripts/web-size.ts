/** Weighs the first load of the web app, built if it has changed. */
import { buildWebApp } from './web-build.js'

await buildWebApp()
await import('../apps/web/scripts/size.ts')
