/** How far a mail got, in the glyphs and words of messages: per recipient, and summed up for a list. */
import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { DeliveryStatus, MailStatuses } from '@recado/protocol'
import { type MessageProgress, StateGlyph } from '../../components/state-glyph.tsx'

const glyphs: Record<DeliveryStatus, MessageProgress> = {
  queued: 'waiting',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'refused',
  cancelled: 'refused',
}

export function useStatusWords(): Record<DeliveryStatus, string> {
  const { t } = useLingui()
  return {
    queued: t`Queued`,
    sent: t`Sent`,
    delivered: t`Delivered`,
    read: t`Read`,
    failed: t`Failed`,
    cancelled: t`Taken back`,
  }
}

/** The glyph, and its word for ears and on hover. */
export function StatusGlyph({ status }: { readonly status: DeliveryStatus }) {
  const words = useStatusWords()
  return <StateGlyph progress={glyphs[status]} label={words[status]} />
}

export type Counts = Omit<MailStatuses, 'version'>

/** How far it got with everybody: the glyph of a list's row. */
export function worstOf(counts: Counts): DeliveryStatus {
  if (counts.failed > 0) return 'failed'
  for (const status of ['queued', 'sent', 'delivered', 'read'] as const) if (counts[status] > 0) return status
  return 'cancelled'
}

/** "3 read · 1 delivered · 1 queued": what there is none of is left out. */
export function useCountWords(): (counts: Counts) => string {
  const { t } = useLingui()
  return ({ read, delivered, sent, queued, failed, cancelled }) =>
    [
      read > 0 && t({ message: plural(read, { one: '# read', other: '# read' }) }),
      delivered > 0 && t({ message: plural(delivered, { one: '# delivered', other: '# delivered' }) }),
      sent > 0 && t({ message: plural(sent, { one: '# sent', other: '# sent' }) }),
      queued > 0 && t({ message: plural(queued, { one: '# queued', other: '# queued' }) }),
      failed > 0 && t({ message: plural(failed, { one: '# failed', other: '# failed' }) }),
      cancelled > 0 && t({ message: plural(cancelled, { one: '# taken back', other: '# taken back' }) }),
    ]
      .filter(Boolean)
      .join(' · ')
}
