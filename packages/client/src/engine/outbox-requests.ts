/** What an entry of the outbox asks of the server. */
import { createProblem, type MailId, type Problem } from '@recado/protocol'
import type { OutboxEntry, QueuedChange, QueuedMail } from '../cache/rows.ts'
import type { Core } from './core.ts'

/** `sequence`: of the event that it became; null if nothing had to change. */
export type Answer =
  | { readonly result: { readonly sequence: number | null; readonly mailId?: MailId } }
  | { readonly problem: Problem }
  | { readonly lost: true }

type Settle = (answer: Answer) => void

/**
 * Messages go out many at a time: the server puts them in order and remembers what it refused (L3). Everything else goes
 * alone in its conversation, so that a retry never undoes what came after it, and what the server has to look up for one is
 * not overtaken by the next.
 */
export function goesAlone(row: OutboxEntry): boolean {
  return (row.kind !== undefined && row.kind !== 'send') || 'files' in row
}

/** Whose stream tells of it: a conversation's, or the account's own. */
export function isPrivate(row: OutboxEntry): boolean {
  return row.kind === 'mail' || (row.kind === 'change' && (row.change.kind === 'save' || row.change.kind === 'unsave'))
}

/** Whether it holds words of somebody's own, which are never thrown away. */
function holdsText(row: OutboxEntry): boolean {
  return row.kind !== 'change' || row.change.kind === 'edit'
}

/** Whether the refusal says that there is nothing left to change: the message is gone, or out of sight. */
export function isMoot(row: OutboxEntry, problem: Problem): boolean {
  return !holdsText(row) && (problem.code === 'message-deleted' || problem.code === 'not-found')
}

export const noLongerMember = createProblem('not-found', { detail: 'You are no longer in this conversation.' })

export function ask(core: Core, row: OutboxEntry, first: { readonly restart: boolean }, settle: Settle): void {
  const { conversationId, clientMessageId } = row
  const restart = first.restart ? { restart: true as const } : {}
  switch (row.kind) {
    case undefined:
    case 'send': {
      const { body, replyTo, mentions, files } = row
      const attachments = files?.flatMap(({ mediaId }) => mediaId ?? [])
      const data = {
        ...{ conversationId, clientMessageId, body },
        ...(replyTo !== null && { replyTo }),
        ...(mentions.length > 0 && { mentions: [...mentions] }),
        ...(attachments && { attachments }),
        ...restart,
      }
      core.send('message.send', data, settle)
      return
    }
    case 'forward':
      core.send('message.forward', { conversationId, clientMessageId, from: { ...row.from }, ...restart }, settle)
      return
    case 'mail':
      askMail(core, row, settle)
      return
    case 'change':
      askChange(core, row, settle)
  }
}

function askMail(core: Core, { clientMessageId, mail, attached, files = [] }: QueuedMail, settle: Settle): void {
  const mediaIds = [...attached, ...files].flatMap(({ mediaId }) => mediaId ?? [])
  core.send('mail.send', { clientMessageId, ...mail, ...(mediaIds.length > 0 && { mediaIds }) }, outcome => {
    if (!('result' in outcome)) return settle(outcome)
    const { id, entry } = outcome.result
    settle({ result: { sequence: entry.version, mailId: id } })
  })
}

function askChange(core: Core, { conversationId, clientMessageId, change }: QueuedChange, settle: Settle): void {
  const { sequence } = change
  const data = { conversationId, sequence, key: clientMessageId }
  switch (change.kind) {
    case 'edit': {
      const mentions = change.mentions.length > 0 ? { mentions: [...change.mentions] } : {}
      core.send('message.edit', { ...data, body: change.body, ...mentions }, settle)
      return
    }
    case 'react':
    case 'unreact':
      core.send(`message.${change.kind}`, { ...data, emoji: change.emoji }, settle)
      return
    default:
      core.send(`message.${change.kind}`, data, settle)
  }
}
