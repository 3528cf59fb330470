/**
 * A letter being written: beside what one reads at a desk, over the whole screen of a phone. Leaving it keeps it as a draft;
 * nothing typed is ever lost by a key.
 */
import { Trans, useLingui } from '@lingui/react/macro'
import type { DraftSnapshot } from '@recado/client'
import { CalendarClock, SendHorizontal, Trash2, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { useHistoryEntry } from '../../../components/use-history-entry.ts'
import { isKey } from '../../../keys/match-key.ts'
import { lazyPart } from '../../../parts/lazy-part.tsx'
import { useMedia } from '../../../state/use-media.ts'
import { LaterMenu } from '../later-menu.tsx'
import { AttachedFiles, AttachFiles, useAddFiles, useLetterDrop } from './attached-files.tsx'
import type { Composition } from './compose-store.ts'
import { RecipientField } from './recipient-field.tsx'
import type { RecipientField as FieldName } from './refusal.ts'
import { useCompose } from './use-compose.ts'
import { useDiscard } from './use-discard.ts'
import { isBlank, type Letter, useLetter } from './use-letter.ts'
import { type Sending, useSending } from './use-sending.ts'

const LetterEditor = lazyPart(() => import('./letter-editor.tsx').then(module => module.LetterEditor))

interface ComposePaneProps {
  readonly composition: Composition
  readonly onClose: () => void
}

export function ComposePane({ composition, onClose }: ComposePaneProps) {
  const { t } = useLingui()
  const letter = useLetter(composition)
  const pane = useRef<HTMLElement>(null)
  const phone = !useMedia('(min-width: 800px)')
  const { draftId } = composition
  const close = useClosing(letter, onClose)
  const drop = useLetterDrop(letter)
  const discard = useDiscard()
  const sending = useSending({
    letter,
    draftId,
    refused: composition.refused ?? [],
    onRefused: field => pane.current?.querySelector<HTMLElement>(`[data-field=${field}] input`)?.focus(),
  })
  const send = async (dueAt?: Date) => {
    if (await sending.send(dueAt)) onClose()
  }
  useHistoryEntry(phone, close)
  // Before the editor, which would break the line.
  const onKeyDownCapture = (event: KeyboardEvent) => {
    if (!isKey(event.nativeEvent, 'sendMail')) return
    event.preventDefault()
    event.stopPropagation()
    void send()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // The editor keeps this key from the browser, and does nothing with it.
    const inText = event.target instanceof HTMLElement && event.target.isContentEditable
    if (!isKey(event.nativeEvent, 'stepBack') || (event.defaultPrevented && !inText)) return
    event.preventDefault()
    close()
  }
  const subject = letter.content?.subject.trim()
  return (
    <section
      ref={pane}
      role="dialog"
      aria-label={t`Write a mail`}
      onKeyDown={onKeyDown}
      onKeyDownCapture={onKeyDownCapture}
      {...drop}
      className="floating fixed inset-0 z-40 flex flex-col bg-paper md:inset-auto md:end-6 md:bottom-0 md:h-[min(40rem,88dvh)] md:w-[min(40rem,calc(100vw-6rem))] md:rounded-t-lg md:border md:border-line md:border-b-0 md:shadow-float"
    >
      <header className="flex shrink-0 items-center gap-1 border-line border-b py-1 ps-4 pe-1.5">
        <h2 className="min-w-0 flex-1 font-semibold">
          <bdi className="one-line">{subject || t`New mail`}</bdi>
        </h2>
        <DraftMark draft={letter.draft} touched={letter.touched()} />
        <IconButton icon={X} label={t`Close and keep as a draft`} onClick={close} />
      </header>
      {letter.content === null ? (
        <NoContent draft={letter.draft} />
      ) : (
        // All of it moves where there is little room: on a phone held across, or much enlarged.
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          <ComposeForm composition={composition} letter={letter} sending={sending} />
        </div>
      )}
      {letter.content ? <AttachedFiles content={letter.content} letter={letter} onChange={sending.forget} /> : null}
      <footer className="flex shrink-0 items-center gap-1 border-line border-t p-2 max-md:pb-[calc(0.5rem+env(safe-area-inset-bottom))]">
        <Button tone="primary" disabled={letter.content === null} onClick={() => void send()}>
          <SendHorizontal size={18} strokeWidth={1.75} className="rtl:rotate-180" aria-hidden="true" />
          <Trans>Send</Trans>
        </Button>
        <LaterMenu
          title={t`Send later`}
          side="top"
          trigger={props => <IconButton icon={CalendarClock} label={t`Send later`} {...props} />}
          onChoose={at => void send(at)}
        />
        <AttachFiles letter={letter} />
        <span className="flex-1" />
        <IconButton
          icon={Trash2}
          label={t`Discard the draft`}
          onClick={() => {
            onClose()
            if (composition.start === null || letter.touched()) discard(draftId)
          }}
        />
      </footer>
    </section>
  )
}

/** What is blank is no draft. */
function useClosing(letter: Letter, onClose: () => void): () => void {
  return () => {
    const content = letter.now()
    if (content && letter.touched() && isBlank(content)) void letter.discard().catch(() => undefined)
    onClose()
  }
}

interface ComposeFormProps {
  readonly composition: Composition
  readonly letter: Letter
  readonly sending: Sending
}

function ComposeForm({ composition, letter, sending }: ComposeFormProps) {
  const { t } = useLingui()
  const { content, change } = letter
  const addFiles = useAddFiles(letter)
  const [copies, setCopies] = useState(() => content !== null && content.cc.length + content.bcc.length > 0)
  if (content === null) return null
  const field = (name: FieldName, label: string, trailing?: ReactNode) => (
    <div data-field={name}>
      <RecipientField
        label={label}
        recipients={content[name]}
        refused={sending.refused.filter(place => place.field === name).map(place => place.index)}
        autoFocus={name === 'to' && composition.focus === 'to'}
        onAdd={added => {
          sending.forget()
          letter.add(name, added)
        }}
        onRemove={index => {
          sending.forget()
          change({ [name]: content[name].filter((_, at) => at !== index) })
        }}
        trailing={trailing}
      />
    </div>
  )
  const more = copies ? null : (
    <button
      type="button"
      onClick={() => setCopies(true)}
      className="min-h-11 shrink-0 rounded px-2 text-ink-muted text-meta hover:bg-hover md:pointer-fine:min-h-9"
    >
      <Trans>Copies</Trans>
    </button>
  )
  return (
    <>
      <Notices letter={letter} problem={sending.problem} isKept={composition.start === null || letter.touched()} />
      <div className="shrink-0">
        {field('to', t`To`, more)}
        {copies ? field('cc', t`Cc`) : null}
        {copies ? field('bcc', t`Bcc`) : null}
        <div className="border-line border-b px-4">
          <input
            aria-label={t`Subject`}
            placeholder={t`Subject`}
            value={content.subject}
            dir="auto"
            maxLength={255}
            onChange={({ target }) => change({ subject: target.value })}
            className="min-h-11 w-full bg-transparent font-semibold outline-none placeholder:font-normal placeholder:text-ink-muted md:pointer-fine:min-h-10"
          />
        </div>
      </div>
      <LetterEditor
        html={content.html}
        focus={composition.focus}
        onChange={html => change({ html })}
        onFiles={addFiles}
      />
    </>
  )
}

interface NoticesProps {
  readonly letter: Letter
  readonly problem: string | null
  /** Whether it was ever a draft. */
  readonly isKept: boolean
}

function Notices({ letter: { draft }, problem, isKept }: NoticesProps) {
  const { t } = useLingui()
  const compose = useCompose()
  const { copyId } = draft
  if (problem !== null) {
    return (
      <div className="px-3 pt-2">
        <Notice tone="failure">{problem}</Notice>
      </div>
    )
  }
  if (draft.state === 'gone' && isKept) {
    return (
      <div className="px-3 pt-2">
        <Notice tone="info">
          <Trans>This draft is not there any more: it was sent or discarded.</Trans>
        </Notice>
      </div>
    )
  }
  if (copyId === null) return null
  return (
    <div className="px-3 pt-2">
      <Notice tone="info" action={<Button onClick={() => compose.open(copyId)}>{t`Show it`}</Button>}>
        <Trans>
          This draft was changed on another device at the same time. That text is kept as a draft of its own.
        </Trans>
      </Notice>
    </div>
  )
}

/** Where what was written is by now. */
function DraftMark({ draft, touched }: { readonly draft: DraftSnapshot; readonly touched: boolean }) {
  const { t } = useLingui()
  if (!touched) return null
  const words = { saved: t`Saved`, saving: t`Saving…`, kept: t`Kept on this device`, loading: '', gone: '' }
  return (
    <p role="status" className="shrink-0 text-fine text-ink-muted">
      {words[draft.state]}
    </p>
  )
}

function NoContent({ draft }: { readonly draft: DraftSnapshot }) {
  return (
    <div className="flex-1 p-4 text-ink-muted">
      {draft.state === 'loading' ? (
        <div className="flex flex-col gap-3" aria-hidden="true">
          <div className="skeleton h-5 w-2/5" />
          <div className="skeleton h-5 w-3/5" />
          <div className="skeleton h-24" />
        </div>
      ) : (
        <Trans>This draft is not there any more: it was sent or discarded.</Trans>
      )}
    </div>
  )
}
