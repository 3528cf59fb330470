/**
 * Finds any person, chat, message or command by what is typed: an ARIA combobox over a list in groups. Names are found
 * within a frame among what the device has; its messages, and people that only the server knows, join as they are found.
 */
import { Dialog } from '@base-ui/react/dialog'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Search, X } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useId, useRef, useState } from 'react'
import { IconButton } from '../../components/icon-button.tsx'
import { SaidAtRest } from '../../components/said-at-rest.tsx'
import { useFocusReturn } from '../../components/use-focus-return.ts'
import { useHistoryEntry } from '../../components/use-history-entry.ts'
import { isKey } from '../../keys/match-key.ts'
import { PaletteList } from './palette-list.tsx'
import { everywhere, type PaletteResults, usePaletteResults } from './use-palette-results.ts'

interface PaletteProps {
  readonly open: boolean
  readonly onClose: () => void
}

export function Palette({ open, onClose }: PaletteProps) {
  const { t } = useLingui()
  const field = useRef<HTMLInputElement>(null)
  useHistoryEntry(open, onClose)
  useFocusReturn(open)
  return (
    <Dialog.Root open={open} onOpenChange={next => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="floating fixed inset-0 z-40 bg-veil" />
        <Dialog.Popup
          initialFocus={field}
          className="floating fixed inset-0 z-50 mx-auto flex flex-col overflow-hidden bg-paper outline-none md:bottom-auto md:top-[12dvh] md:max-h-[min(34rem,76dvh)] md:w-[38rem] md:rounded-lg md:border md:border-line md:shadow-float"
        >
          <Dialog.Title className="sr-only">{t`Find anything, do anything`}</Dialog.Title>
          <PaletteBody field={field} open={open} onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface PaletteBodyProps extends PaletteProps {
  readonly field: RefObject<HTMLInputElement | null>
}

function PaletteBody({ field, open, onClose }: PaletteBodyProps) {
  const { t } = useLingui()
  const id = useId()
  const [query, setQuery] = useState('')
  const results = usePaletteResults(query)
  const { active, setActive, onKeyDown, choose } = useChoice(results, { open, onClose })
  const chosen = results.entries[active]
  const count = results.entries.length
  const found = t({ message: plural(count, { one: '# result', other: '# results' }) })
  return (
    <>
      <div className="flex shrink-0 items-center gap-2 border-line border-b ps-4 pe-1.5">
        <Search size={20} strokeWidth={1.75} className="shrink-0 text-ink-muted" aria-hidden="true" />
        <input
          ref={field}
          type="text"
          dir="auto"
          role="combobox"
          aria-label={t`Find anything, do anything`}
          aria-autocomplete="list"
          aria-expanded={results.entries.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen ? `${id}-${active}` : undefined}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="go"
          maxLength={200}
          value={query}
          placeholder={t`People, chats, messages, commands`}
          onChange={event => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
          className="min-h-14 min-w-0 flex-1 bg-transparent text-lead placeholder:text-ink-muted focus:outline-none"
        />
        <IconButton icon={X} label={t`Close`} onClick={onClose} />
      </div>
      <PaletteList id={id} groups={results.groups} active={active} onPoint={setActive} onChoose={choose} />
      {results.entries.every(({ id: entry }) => entry === everywhere) ? (
        <p className="px-4 py-8 text-center text-ink-muted">
          <Trans>Nothing by this name. Try fewer letters.</Trans>
        </p>
      ) : null}
      <SaidAtRest words={query === '' ? '' : found} />
    </>
  )
}

function useChoice({ entries, remember }: PaletteResults, { open, onClose }: PaletteProps) {
  const [wanted, setActive] = useState(0)
  const active = Math.min(wanted, Math.max(0, entries.length - 1))
  const choose = (index: number) => {
    const entry = entries[index]
    if (!entry) return
    remember(entry.id)
    onClose()
    entry.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While it leaves, its keys are those of the app again.
    if (!open || event.nativeEvent.isComposing) return
    const { nativeEvent } = event
    if (isKey(nativeEvent, 'rowBelow')) setActive((active + 1) % Math.max(1, entries.length))
    else if (isKey(nativeEvent, 'rowAbove')) setActive((active - 1 + entries.length) % Math.max(1, entries.length))
    else if (isKey(nativeEvent, 'choose')) choose(active)
    else if (isKey(nativeEvent, 'palette')) onClose()
    else return
    event.preventDefault()
  }
  return { active, setActive, choose, onKeyDown }
}
