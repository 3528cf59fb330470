/** What the tree promises and no linter rule can say. At most 100 lines; see ARCHITECTURE.md for the tree. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { operationNames } from '../packages/protocol/src/index.ts'

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter(file => file !== '' && existsSync(file))
const sources = files.filter(file => /\.(ts|tsx|js)$/.test(file))
const isTest = (file: string) => /\.test\.tsx?$/.test(file)

/** The files whose text matches, each with what matched. */
function findIn(candidates: string[], pattern: RegExp): string[] {
  return candidates.flatMap(file => {
    const match = pattern.exec(readFileSync(file, 'utf8'))
    return match === null ? [] : [`${file}: ${match[0]}`]
  })
}

test('each operation of the contract is one file that bears its name on the wire', () => {
  const found = files
    .filter(file => file.startsWith('apps/server/src/operations/') && !isTest(file))
    .map(file => basename(file, '.ts'))
    .filter(name => name.includes('.'))
  expect(found.sort()).toEqual([...operationNames].sort())
})

test('the web app takes nothing but types from the contract', () => {
  const web = sources.filter(file => file.startsWith('apps/web/src/') && !isTest(file))
  expect(findIn(web, /^(import|export) (?!type )[^'"]*?from '@recado\/protocol'/m)).toEqual([])
})

test('nothing lies in a drawer named for what it is not', () => {
  expect(files.filter(file => /(^|\/)(utils?|helpers?|common|misc|shared)(\/|\.[jt]sx?$)/.test(file))).toEqual([])
})

test('SQL is written in the store only', () => {
  const others = sources.filter(file => /^apps\/server\/src\/(?!store\/)/.test(file) && !isTest(file))
  expect(findIn(others, /\.query\(|\b(SELECT [\w*]|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b/)).toEqual([])
})

test('no test is left out or singled out', () => {
  const tests = files.filter(isTest)
  expect(findIn(tests, /\.(todo|only|skip|skipIf|runIf|fails)\b/)).toEqual([])
})

test('RECADO_* and other variables are read in the configuration only', () => {
  const server = sources.filter(file => /^apps\/server\/src\//.test(file) && !isTest(file))
  const others = server.filter(file => !/src\/(main|config)\.ts$/.test(file))
  expect(findIn(others, /process\.env\b/)).toEqual([])
})

test('each rule of the log is cited in the title of a test', () => {
  const rules = [...readFileSync('docs/rules.md', 'utf8').matchAll(/^## (L\d+) /gm)].map(([, id = '']) => id)
  expect(rules).toHaveLength(12)
  const titles = files
    .filter(isTest)
    .map(file => readFileSync(file, 'utf8'))
    .join('\n')
  expect(rules.filter(id => !new RegExp(`['"\`][^'"\`\n]*\\b${id}\\b`).test(titles))).toEqual([])
})
