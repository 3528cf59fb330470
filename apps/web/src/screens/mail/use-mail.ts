import type {
  DeliveriesSnapshot,
  MailClient,
  MailListHandle,
  MailListSnapshot,
  MailSnapshot,
  MailThreadSnapshot,
  MailView,
} from '@recado/client'
import type { MailId } from '@recado/protocol'
import { createContext, useContext, useSyncExternalStore } from 'react'

export const MailContext = createContext<MailClient | null>(null)

export function useMail(): MailClient {
  const mail = useContext(MailContext)
  if (!mail) throw new Error('A part of mail was rendered outside of it.')
  return mail
}

/** A part of the mail snapshot that stays the same object while nothing in it changed. */
export function useMailSnapshot<Part>(select: (snapshot: MailSnapshot) => Part): Part {
  const mail = useMail()
  return useSyncExternalStore(mail.subscribe, () => select(mail.getSnapshot()))
}

export interface MailListState {
  readonly handle: MailListHandle
  readonly list: MailListSnapshot
}

export function useMailList(view: MailView): MailListState {
  const handle = useMail().list(view)
  return { handle, list: useSyncExternalStore(handle.subscribe, handle.getSnapshot) }
}

export function useThread(id: MailId): MailThreadSnapshot {
  const handle = useMail().thread(id)
  return useSyncExternalStore(handle.subscribe, handle.getSnapshot)
}

export interface DeliveriesState extends DeliveriesSnapshot {
  readonly loadMore: () => Promise<void>
}

/** Only an author may ask. */
export function useDeliveries(id: MailId): DeliveriesState {
  const handle = useMail().deliveries(id)
  return { ...useSyncExternalStore(handle.subscribe, handle.getSnapshot), loadMore: () => handle.loadMore() }
}
