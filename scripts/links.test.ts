/** Every link from one of our Markdown files into the tree leads somewhere, its heading included. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter(file => file !== '' && existsSync(file))

const withoutCode = (text: string) => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '')

/** The anchors that a forge gives to headings: lower case, punctuation gone, blanks to hyphens, repeats numbered. */
function listAnchors(file: string): Set<string> {
  const anchors = new Set<string>()
  const counts = new Map<string, number>()
  for (const [, heading = ''] of readFileSync(file, 'utf8')
    .replace(/```[\s\S]*?```/g, '')
    .matchAll(/^#+\s+(.+?)\s*$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-')
    const seen = counts.get(slug) ?? 0
    counts.set(slug, seen + 1)
    anchors.add(seen === 0 ? slug : `${slug}-${seen}`)
  }
  return anchors
}

function findBrokenLinks(document: string): string[] {
  const links = withoutCode(readFileSync(document, 'utf8')).matchAll(/\]\(([^)\s]+)(?:\s"[^"]*")?\)/g)
  return [...links]
    .map(([, link = '']) => link)
    .filter(link => !/^[a-z]+:/.test(link))
    .filter(link => {
      const [path = '', anchor] = link.split('#')
      const file = path === '' ? document : normalize(join(dirname(document), decodeURIComponent(path)))
      return !existsSync(file) || (anchor !== undefined && !listAnchors(file).has(anchor))
    })
}

test('links between documents lead somewhere', () => {
  expect(documents.length).toBeGreaterThan(0)
  expect(documents.flatMap(file => findBrokenLinks(file).map(link => `${file}: ${link}`))).toEqual([])
})
