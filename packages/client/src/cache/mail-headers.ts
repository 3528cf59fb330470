import type { MailHeader } from '@recado/protocol'

/** The entry of the highest version counts, and so do the statuses (L11): they are told apart from each other. */
export function newerHeader(known: MailHeader | undefined, incoming: MailHeader): MailHeader {
  if (!known) return incoming
  const newer = incoming.entry.version < known.entry.version ? known : incoming
  const [a, b] = [known.statuses, incoming.statuses]
  const statuses = a && (!b || a.version > b.version) ? a : b
  return statuses === newer.statuses ? newer : { ...newer, statuses }
}
