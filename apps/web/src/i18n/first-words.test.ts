/** What is loaded from the start says only words of the first catalog: those of the others come with what is loaded later. */
import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'
import config from '../../lingui.config.ts'

const source = join(import.meta.dirname, '..')
const [, ...others] = config.catalogs ?? []
const laterFolders = others.flatMap(({ include }) => include).map(path => path.replace('<rootDir>/src/', ''))

/** Every file that the entry imports, not counting types and what is asked for later. */
function filesFrom(entry: string): ReadonlySet<string> {
  const found = new Set<string>()
  const queue = [entry]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file)) continue
    found.add(file)
    const imports = readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) (?!type\b)[^;'"]*?from '(\.[^']+\.tsx?)'/gmu,
    )
    for (const [, path = ''] of imports) queue.push(resolve(file, '..', path))
  }
  return found
}

it('loads nothing from the start whose words come later', () => {
  const files = [...filesFrom(join(source, 'main.tsx'))].map(file => relative(source, file))
  expect(files.length).toBeGreaterThan(100)
  expect(files).toContain('screens/conversation/conversation-screen.tsx')
  const speaking = files.filter(file => laterFolders.some(folder => file.startsWith(`${folder}/`)))
  const words = speaking.filter(file => /lingui/.test(readFileSync(join(source, file), 'utf8')))
  expect(words).toEqual([])
})
