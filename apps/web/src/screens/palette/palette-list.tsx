import { useLingui } from '@lingui/react/macro'
import { useEffect, useRef } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { classNames } from '../../components/class-names.ts'
import { Isolated } from '../../components/isolated.tsx'
import { Combo } from '../../keys/combo.tsx'
import { combosOf } from '../../keys/key-table.ts'
import { usePresence } from '../../state/use-snapshot.ts'
import { Excerpt } from './excerpt-words.tsx'
import type { PaletteEntry, PaletteGroup } from './use-palette-results.ts'

interface PaletteListProps {
  readonly id: string
  readonly groups: readonly PaletteGroup[]
  readonly active: number
  readonly onPoint: (index: number) => void
  readonly onChoose: (index: number) => void
}

export function PaletteList({ id, groups, active, onPoint, onChoose }: PaletteListProps) {
  const { t } = useLingui()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector(`#${CSS.escape(`${id}-${active}`)}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, active])
  return (
    <div
      ref={list}
      id={`${id}-list`}
      role="listbox"
      aria-label={t`Results`}
      tabIndex={-1}
      className="min-h-0 flex-1 overflow-y-auto p-2 empty:flex-none empty:p-0"
    >
      {groups.map(group => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own.
        <div key={group.title} role="group" aria-label={group.title} className="pb-1">
          <p aria-hidden="true" className="px-2.5 pt-2 pb-1 font-semibold text-fine text-ink-muted">
            {group.title}
          </p>
          {group.entries.map(({ entry, index }) => (
            <Option
              key={entry.id}
              id={`${id}-${index}`}
              entry={entry}
              active={index === active}
              onPoint={() => onPoint(index)}
              onChoose={() => onChoose(index)}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

interface OptionProps {
  readonly id: string
  readonly entry: PaletteEntry
  readonly active: boolean
  readonly onPoint: () => void
  readonly onChoose: () => void
}

function Option({ id, entry, active, onPoint, onChoose }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's, which keeps the focus.
    <div
      id={id}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      onPointerMove={active ? undefined : onPoint}
      onClick={onChoose}
      className={classNames(
        'flex min-h-11 cursor-pointer select-none items-center gap-3 rounded px-2.5 py-1',
        active && 'bg-selected',
      )}
    >
      <Face entry={entry} />
      <span className="flex min-w-0 flex-1 flex-col leading-snug">
        <bdi className="one-line">
          {entry.excerpt ? <Excerpt parts={entry.excerpt} /> : <Isolated text={entry.label} />}
        </bdi>
        {entry.detail ? (
          <span className="flex gap-2 text-fine text-ink-muted">
            <bdi className="one-line min-w-0">{entry.detail}</bdi>
            {entry.when ? <span className="tabular ms-auto shrink-0">{entry.when}</span> : null}
          </span>
        ) : null}
      </span>
      {entry.key ? (
        <span className="max-md:hidden">
          <Combo combo={combosOf(entry.key)[0] ?? ''} />
        </span>
      ) : null}
    </div>
  )
}

function Face({ entry: { face } }: { readonly entry: PaletteEntry }) {
  const presence = usePresence(face.type === 'avatar' ? face.peerId : null)
  if (face.type === 'avatar') {
    return <Avatar id={face.id} name={face.name} size="sm" kind={face.kind} presence={presence} />
  }
  const Icon = face.icon
  return (
    <span className="inline-flex size-8 shrink-0 items-center justify-center rounded bg-hover text-ink-muted">
      <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
    </span>
  )
}
