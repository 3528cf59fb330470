import { Trans, useLingui } from '@lingui/react/macro'
import { Modal } from '../components/modal.tsx'
import { usePreferences } from '../state/use-snapshot.ts'
import { Combo } from './combo.tsx'
import { combosOf, keyPlaces, keysOf } from './key-table.ts'
import { useKeyWords, usePlaceWords } from './key-words.ts'
import { isCharacter, keyboardSystem } from './match-key.ts'

interface KeysDialogProps {
  readonly open: boolean
  readonly onClose: () => void
}

/** Every key of the app, from the table that the app itself obeys. */
export function KeysDialog({ open, onClose }: KeysDialogProps) {
  const { t } = useLingui()
  return (
    <Modal open={open} onClose={onClose} title={t`Keyboard`} size="wide">
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key.
        tabIndex={0}
        aria-label={t`Keyboard`}
        data-inset-focus=""
        className="min-h-0 flex-1 overflow-y-auto p-4 md:columns-2 md:gap-8"
      >
        <KeyList />
      </section>
    </Modal>
  )
}

export function KeyList() {
  const words = useKeyWords()
  const places = usePlaceWords()
  const { singleKeys } = usePreferences()
  return keyPlaces.map(place => (
    <section key={place} className="mb-5 break-inside-avoid">
      <h3 className="pb-1 font-semibold text-ink-muted text-meta">{places[place]}</h3>
      <dl>
        {keysOf(place, keyboardSystem()).map(id => (
          <div
            key={id}
            className="flex min-h-9 items-center justify-between gap-4 border-line border-b py-1 last:border-b-0"
          >
            <dt>{words[id]}</dt>
            <dd className="flex shrink-0 flex-wrap items-center justify-end gap-1.5">
              {combosOf(id)
                .filter(combo => singleKeys === 'on' || !isCharacter(combo))
                .map(combo => (
                  <Combo key={combo} combo={combo} />
                ))}
              {singleKeys === 'off' && combosOf(id).every(isCharacter) ? (
                <span className="text-ink-muted text-meta">
                  <Trans>switched off</Trans>
                </span>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  ))
}
