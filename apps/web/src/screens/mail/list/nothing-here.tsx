import { useLingui } from '@lingui/react/macro'
import { Button } from '../../../components/button.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { useCompose } from '../compose/use-compose.ts'
import { useEmptyWords } from '../folder-words.ts'
import type { MailPlace } from '../mail-places.ts'

interface NothingHereProps {
  readonly place: MailPlace
  readonly only: 'all' | 'unread'
}

export function NothingHere({ place, only }: NothingHereProps) {
  const { t } = useLingui()
  const compose = useCompose()
  const words = useEmptyWords()
  const write = (
    <Button tone={only === 'all' ? 'primary' : 'secondary'} onClick={() => compose.begin()}>{t`Write a mail`}</Button>
  )
  return <EmptyState action={write}>{words(place, only)}</EmptyState>
}
