/** Writes the generated part of `docs/protocol.md` anew. A test says when that is needed. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderProtocolPage } from '../apps/server/src/transport/http/documentation/markdown.ts'

const file = join(import.meta.dirname, '../docs/protocol.md')
writeFileSync(file, renderProtocolPage(readFileSync(file, 'utf8')))
