/** Colours for code: the highlighter and each language come when first needed. */
import type { LanguageFn } from 'highlight.js'
import { createLowlight } from 'lowlight'

export interface Token {
  readonly text: string
  readonly tone: 'plain' | 'comment' | 'keyword' | 'string' | 'literal' | 'name' | 'added' | 'removed'
}

type Loader = () => Promise<{ readonly default: LanguageFn }>

const languages: Record<string, Loader> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  dockerfile: () => import('highlight.js/lib/languages/dockerfile'),
  go: () => import('highlight.js/lib/languages/go'),
  ini: () => import('highlight.js/lib/languages/ini'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  php: () => import('highlight.js/lib/languages/php'),
  python: () => import('highlight.js/lib/languages/python'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
}

const aliases: Record<string, string> = {
  sh: 'bash',
  shell: 'bash',
  zsh: 'bash',
  'c++': 'cpp',
  'c#': 'csharp',
  cs: 'csharp',
  patch: 'diff',
  docker: 'dockerfile',
  toml: 'ini',
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  kt: 'kotlin',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  psql: 'sql',
  ts: 'typescript',
  tsx: 'typescript',
  html: 'xml',
  svg: 'xml',
  yml: 'yaml',
}

/** Beyond this, code stays plain: colouring it could hold up the screen. */
const longest = 10_000

/** Null for a language that is not known, and for code that is too long. */
export async function highlight(code: string, named: string): Promise<readonly Token[] | null> {
  const lower = named.toLowerCase()
  const language = Object.hasOwn(aliases, lower) ? aliases[lower] : lower
  if (language === undefined || !Object.hasOwn(languages, language) || code.length > longest) return null
  const grammar = await languages[language]?.()
  if (!grammar) return null
  const lowlight = createLowlight({ [language]: grammar.default })
  return flatten(lowlight.highlight(language, code), 'plain')
}

/** What lowlight gives, as far as it matters here. */
interface TreeNode {
  readonly type: string
  readonly value?: string
  readonly properties?: { readonly className?: unknown }
  readonly children?: readonly TreeNode[]
}

function flatten(node: TreeNode, tone: Token['tone']): readonly Token[] {
  if (node.value !== undefined) return [{ text: node.value, tone }]
  const own = toneOf(node.properties?.className) ?? tone
  return (node.children ?? []).flatMap(child => flatten(child, own))
}

const toneByClass: Record<string, Token['tone']> = {
  'hljs-comment': 'comment',
  'hljs-quote': 'comment',
  'hljs-meta': 'comment',
  'hljs-keyword': 'keyword',
  'hljs-selector-tag': 'keyword',
  'hljs-name': 'keyword',
  'hljs-tag': 'plain',
  'hljs-string': 'string',
  'hljs-regexp': 'string',
  'hljs-subst': 'plain',
  'hljs-number': 'literal',
  'hljs-literal': 'literal',
  'hljs-symbol': 'literal',
  'hljs-attr': 'name',
  'hljs-attribute': 'name',
  'hljs-title': 'name',
  'hljs-section': 'name',
  'hljs-addition': 'added',
  'hljs-deletion': 'removed',
}

function toneOf(classes: unknown): Token['tone'] | null {
  const first: unknown = Array.isArray(classes) ? classes[0] : null
  return typeof first === 'string' ? (toneByClass[first] ?? null) : null
}
