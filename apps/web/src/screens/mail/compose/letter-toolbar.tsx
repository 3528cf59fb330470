import { useLingui } from '@lingui/react/macro'
import type { Editor } from '@tiptap/core'
import {
  Bold,
  Code,
  Heading2,
  Italic,
  Link,
  List,
  ListOrdered,
  type LucideIcon,
  Strikethrough,
  TextQuote,
  Underline,
  Unlink,
} from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { FloatingPanel } from '../../../components/floating-panel.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { TextField } from '../../../components/text-field.tsx'
import { Toolbar } from '../../../components/toolbar.tsx'

interface Format {
  readonly icon: LucideIcon
  readonly label: string
  readonly active: boolean
  readonly run: () => void
}

/** Renders anew with each step of the editor. */
function useSteps(editor: Editor): void {
  const [, setStep] = useState(0)
  useEffect(() => {
    const count = () => setStep(step => step + 1)
    editor.on('transaction', count)
    return () => void editor.off('transaction', count)
  }, [editor])
}

export function LetterToolbar({ editor }: { readonly editor: Editor }) {
  const { t } = useLingui()
  useSteps(editor)
  const chain = () => editor.chain().focus()
  const formats: readonly Format[] = [
    { icon: Bold, label: t`Bold`, active: editor.isActive('bold'), run: () => chain().toggleBold().run() },
    { icon: Italic, label: t`Italic`, active: editor.isActive('italic'), run: () => chain().toggleItalic().run() },
    {
      icon: Underline,
      label: t`Underline`,
      active: editor.isActive('underline'),
      run: () => chain().toggleUnderline().run(),
    },
    {
      icon: Strikethrough,
      label: t`Strikethrough`,
      active: editor.isActive('strike'),
      run: () => chain().toggleStrike().run(),
    },
    {
      icon: Heading2,
      label: t`Heading`,
      active: editor.isActive('heading'),
      run: () => chain().toggleHeading({ level: 2 }).run(),
    },
    {
      icon: List,
      label: t`List`,
      active: editor.isActive('bulletList'),
      run: () => chain().toggleBulletList().run(),
    },
    {
      icon: ListOrdered,
      label: t`Numbered list`,
      active: editor.isActive('orderedList'),
      run: () => chain().toggleOrderedList().run(),
    },
    {
      icon: TextQuote,
      label: t`Quotation`,
      active: editor.isActive('blockquote'),
      run: () => chain().toggleBlockquote().run(),
    },
    { icon: Code, label: t`Code`, active: editor.isActive('code'), run: () => chain().toggleCode().run() },
  ]
  return (
    <Toolbar
      label={t`Formatting`}
      className="sticky bottom-0 flex shrink-0 overflow-x-auto border-line border-t bg-paper px-2 py-0.5"
    >
      {formats.map(({ icon, label, active, run }) => (
        <IconButton
          key={label}
          icon={icon}
          label={label}
          aria-pressed={active}
          onMouseDown={event => event.preventDefault()}
          onClick={run}
          className="aria-pressed:bg-selected aria-pressed:text-ink"
        />
      ))}
      <LinkButton editor={editor} />
    </Toolbar>
  )
}

function LinkButton({ editor }: { readonly editor: Editor }) {
  const { t } = useLingui()
  if (editor.isActive('link')) {
    return (
      <IconButton
        icon={Unlink}
        label={t`Take the link away`}
        aria-pressed={true}
        className="aria-pressed:bg-selected aria-pressed:text-ink"
        onClick={() => editor.chain().focus().extendMarkRange('link').unsetLink().run()}
      />
    )
  }
  return (
    <FloatingPanel
      title={t`Link`}
      side="top"
      className="w-72"
      trigger={props => <IconButton icon={Link} label={t`Link`} {...props} />}
    >
      {close => <LinkForm editor={editor} onDone={close} />}
    </FloatingPanel>
  )
}

/** What is no address with a scheme is one of the web. */
function toAddress(text: string): string {
  const wanted = text.trim()
  if (/^(?:https?:\/\/|mailto:)/iu.test(wanted)) return wanted
  return /^[^\s@/]+@[^\s@]+$/u.test(wanted) ? `mailto:${wanted}` : `https://${wanted}`
}

function LinkForm({ editor, onDone }: { readonly editor: Editor; readonly onDone: () => void }) {
  const { t } = useLingui()
  const [text, setText] = useState('')
  const set = () => {
    if (text.trim() === '') return
    const href = toAddress(text)
    const chain = editor.chain().focus()
    if (editor.state.selection.empty) {
      chain.insertContent({ type: 'text', text: text.trim(), marks: [{ type: 'link', attrs: { href } }] }).run()
    } else chain.setLink({ href }).run()
    onDone()
  }
  return (
    <form
      className="flex flex-col gap-2 p-2.5"
      onSubmit={event => {
        event.preventDefault()
        set()
      }}
    >
      <TextField
        label={t`Address`}
        dir="ltr"
        inputMode="url"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Button type="submit">{t`Set the link`}</Button>
    </form>
  )
}
