/** Where letters are written, over whatever is shown: one at a time, and what the server refused comes back to be mended. */
import { useLingui } from '@lingui/react/macro'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { lazyPart } from '../../../parts/lazy-part.tsx'
import { useApp } from '../../../state/app-context.ts'
import { useTell } from '../../../state/use-attempt.ts'
import { QuietMailPart } from '../mail-part.tsx'
import { useMailSnapshot } from '../use-mail.ts'
import { useRefusalWords } from './refusal.ts'
import { useTakeBack } from './use-take-back.ts'

const ComposePane = lazyPart(() => import('./compose-pane.tsx').then(module => module.ComposePane))

export function ComposeHost() {
  const { compose } = useApp()
  const composition = useSyncExternalStore(compose.subscribe, compose.get)
  const close = () => {
    if (compose.get() === composition) compose.set(null)
  }
  return (
    <QuietMailPart>
      <Refusals />
      {composition ? <ComposePane key={composition.draftId} composition={composition} onClose={close} /> : null}
    </QuietMailPart>
  )
}

/** Tells once of each mail that was refused, and offers to mend it. */
function Refusals() {
  const { t } = useLingui()
  const outbox = useMailSnapshot(snapshot => snapshot.outbox)
  const tell = useTell()
  const words = useRefusalWords()
  const takeBack = useTakeBack()
  const told = useRef(new Set<string>())
  useEffect(() => {
    for (const pending of outbox) {
      if (pending.state !== 'refused' || told.current.has(pending.entryId)) continue
      told.current.add(pending.entryId)
      tell(words(pending.problem), { label: t`Mend it`, run: () => void takeBack(pending) })
    }
  }, [outbox, t, takeBack, tell, words])
  return null
}
