import { useLingui } from '@lingui/react/macro'
import { Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { classNames } from '../../../components/class-names.ts'
import { IconButton } from '../../../components/icon-button.tsx'
import { useTell } from '../../../state/use-attempt.ts'
import type { Token } from './highlight.ts'
import type { Block } from './markup.ts'

interface CodeBlockProps {
  readonly block: Extract<Block, { kind: 'code' }>
}

/** Code as written, in colours once they are there; long lines are scrolled to inside. */
export function CodeBlock({ block }: CodeBlockProps) {
  const { t } = useLingui()
  const code = block.lines.map(line => line.text).join('')
  const language = block.language?.text ?? ''
  const tokens = useTokens(code, language)
  const copy = useCopyCode(code)
  const room = block.language ? 'pb-2' : 'py-2'
  return (
    <div
      dir="ltr"
      className={classNames(
        'flex min-w-0 overflow-hidden rounded border border-line bg-paper',
        block.language ? 'flex-col' : 'flex-row-reverse',
      )}
    >
      <div className="flex shrink-0 items-center justify-between self-stretch">
        {block.language ? (
          <p className="min-w-0 select-none truncate ps-3 font-mono text-fine text-ink-muted">{block.language.text}</p>
        ) : null}
        <IconButton icon={Copy} label={t`Copy code`} onClick={copy} className="self-start" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be scrollable by keyboard too. */}
      <pre tabIndex={0} className={classNames('min-w-0 flex-1 overflow-x-auto px-3', room)}>
        <code className="block w-max min-w-full whitespace-pre font-mono text-[0.8125rem] leading-normal">
          {tokens ? <Tokens tokens={tokens} /> : code}
        </code>
      </pre>
    </div>
  )
}

/** The colours come after the text: they change neither its size nor what it says. */
function useTokens(code: string, language: string): readonly Token[] | null {
  const [coloured, setColoured] = useState<{ readonly of: string; readonly tokens: readonly Token[] } | null>(null)
  const wanted = `${language}\n${code}`
  useEffect(() => {
    if (language === '') return
    let current = true
    void import('./highlight.ts')
      .then(({ highlight }) => highlight(code, language))
      .then(
        tokens => (current && tokens ? setColoured({ of: wanted, tokens }) : undefined),
        // Code without colours is code all the same; offline the highlighter may not be there.
        () => undefined,
      )
    return () => {
      current = false
    }
  }, [code, language, wanted])
  return coloured?.of === wanted ? coloured.tokens : null
}

const tones: Record<Token['tone'], string> = {
  plain: '',
  comment: 'text-ink-muted italic',
  keyword: 'text-wax-ink',
  string: 'text-present-ink',
  literal: 'text-amber-ink',
  name: 'font-semibold',
  added: 'bg-present-tint text-present-ink',
  removed: 'bg-failure-tint text-failure-ink',
}

function Tokens({ tokens }: { readonly tokens: readonly Token[] }): ReactNode {
  let at = 0
  return tokens.map(({ text, tone }) => {
    const key = at
    at += text.length
    return tone === 'plain' ? (
      text
    ) : (
      <span key={key} className={tones[tone]}>
        {text}
      </span>
    )
  })
}

function useCopyCode(code: string): () => void {
  const { t } = useLingui()
  const tell = useTell()
  return () => {
    const copying = navigator.clipboard?.writeText(code) ?? Promise.reject(new Error('no clipboard'))
    copying.then(
      () => tell(t`Copied.`),
      () => tell(t`This browser does not let Recado copy here.`),
    )
  }
}
