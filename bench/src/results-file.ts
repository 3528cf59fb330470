/** `bench/RESULTS.md` has a section for each benchmark; whoever measured writes its own and leaves the others as they are. */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

export const resultsFile = fileURLToPath(new URL('../RESULTS.md', import.meta.url))

const title = '# Benchmark results\n'
const headings = {
  server: '## The server',
  mail: '## Mail',
  search: '## Search',
  web: '## The web app',
  hour: '## The web app, open for an hour',
} as const
export type SectionName = keyof typeof headings

export async function writeSection(file: string, name: SectionName, content: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '')
  await writeFile(file, withSection(text, name, content))
}

/** The text with this section in place of the one of that name, in the order of `headings`. */
export function withSection(text: string, name: SectionName, content: string): string {
  const sections = { ...readSections(text), [name]: content.trim() }
  const parts = (Object.keys(headings) as SectionName[]).flatMap(each => {
    const section = sections[each]
    return section === undefined ? [] : [`\n${headings[each]}\n\n${section}\n`]
  })
  return title + parts.join('')
}

function readSections(text: string): Partial<Record<SectionName, string>> {
  const found: Partial<Record<SectionName, string>> = {}
  for (const part of text.split(/^(?=## )/m)) {
    const name = (Object.keys(headings) as SectionName[]).find(each => part.startsWith(`${headings[each]}\n`))
    if (name !== undefined) found[name] = part.slice(headings[name].length).trim()
  }
  return found
}
