/**
 * The field for a letter: ProseMirror by Tiptap, with just the marks and blocks that mails may have. Whatever is pasted has to
 * fit that schema, so nothing else gets in. Its content is its own until `html` is something that it did not say itself.
 */
import { useLingui } from '@lingui/react/macro'
import { Editor, Extension } from '@tiptap/core'
import { DOMParser } from '@tiptap/pm/model'
import { Plugin, TextSelection } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import StarterKit from '@tiptap/starter-kit'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { LetterToolbar } from './letter-toolbar.tsx'
import { parseLetter } from './parse-letter.ts'
import '../letter.css'

interface LetterEditorProps {
  /** What it is called, if it is not the text of a mail. */
  readonly label?: string
  readonly html: string
  readonly focus: 'to' | 'body'
  readonly onChange: (html: string) => void
  /** Files that were pasted. */
  readonly onFiles?: (files: FileList) => void
}

/** Only what leads to the web or to a mailbox. */
const allowed = /^(?:https?:\/\/|mailto:)/iu

function placeholder(text: string) {
  return Extension.create({
    name: 'placeholder',
    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          decorations({ doc }) {
            const [first] = doc.content.content
            if (doc.childCount !== 1 || first?.type.name !== 'paragraph' || first.content.size > 0) return null
            return DecorationSet.create(doc, [
              Decoration.node(0, first.nodeSize, { class: 'is-editor-empty', 'data-placeholder': text }),
            ])
          },
        },
      }),
    ],
  })
}

interface EditorInput {
  readonly element: HTMLElement
  readonly html: string
  readonly label: string
  readonly hint: string
  readonly onChange: (html: string) => void
  readonly onFiles: ((files: FileList) => void) | undefined
}

function createEditor({ element, html, label, hint, onChange, onFiles }: EditorInput): Editor {
  return new Editor({
    element,
    injectCSS: false,
    extensions: [
      StarterKit.configure({
        heading: { levels: [2, 3] },
        horizontalRule: false,
        dropcursor: false,
        link: {
          openOnClick: false,
          defaultProtocol: 'https',
          isAllowedUri: uri => allowed.test(uri),
          HTMLAttributes: { rel: null, target: null },
        },
      }),
      placeholder(hint),
    ],
    editorProps: {
      attributes: {
        class: 'letter min-h-full',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': label,
        dir: 'auto',
      },
      handlePaste(_view, event) {
        const files = event.clipboardData?.files
        if (!onFiles || !files || files.length === 0) return false
        onFiles(files)
        return true
      },
    },
    // Not as `content`, which the editor would parse against the policy of the page.
    onBeforeCreate({ editor }) {
      const { schema } = editor
      editor.options.content = DOMParser.fromSchema(schema).parse(parseLetter(html)).toJSON()
    },
    onUpdate: ({ editor }) => onChange(editor.getHTML()),
  })
}

/** Shows what was written elsewhere; the caret stays about where it was, and undoing leaves it alone. */
function replaceLetter({ state, view }: Editor, html: string): void {
  const { content } = DOMParser.fromSchema(state.schema).parse(parseLetter(html))
  const change = state.tr.replaceWith(0, state.doc.content.size, content)
  const place = (at: number) => change.doc.resolve(Math.min(at, change.doc.content.size))
  const { anchor, head } = state.selection
  change.setSelection(TextSelection.between(place(anchor), place(head)))
  view.dispatch(change.setMeta('addToHistory', false).setMeta('preventUpdate', true))
}

export function LetterEditor({ label, html, focus, onChange, onFiles }: LetterEditorProps) {
  const { t } = useLingui()
  const place = useRef<HTMLDivElement>(null)
  const [editor, setEditor] = useState<Editor | null>(null)
  const begin = useRef({ html, focus, label: label ?? t`Text of the mail`, hint: t`Write here` })
  const shown = useRef(html)
  const latest = useRef({ onChange, onFiles })
  latest.current = { onChange, onFiles }
  useEffect(() => {
    if (!place.current) return
    const made = createEditor({
      element: place.current,
      ...begin.current,
      onChange: next => {
        shown.current = next
        latest.current.onChange(next)
      },
      onFiles: files => latest.current.onFiles?.(files),
    })
    setEditor(made)
    if (begin.current.focus === 'body') made.commands.focus('start')
    return () => made.destroy()
  }, [])
  // In the commit that brings it: between two keys, never after the next.
  useLayoutEffect(() => {
    if (!editor || html === shown.current) return
    shown.current = html
    replaceLetter(editor, html)
  }, [editor, html])
  return (
    <>
      {/* biome-ignore lint/a11y: a press beside the text is one into it; keys are the editor's. */}
      <div
        ref={place}
        className="min-h-32 flex-auto shrink-0 cursor-text px-4 py-3"
        onMouseDown={event => {
          if (event.target !== event.currentTarget || !editor) return
          event.preventDefault()
          editor.commands.focus('end')
        }}
      />
      {editor ? <LetterToolbar editor={editor} /> : <div className="min-h-11 shrink-0" />}
    </>
  )
}
