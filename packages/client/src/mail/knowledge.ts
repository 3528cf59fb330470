/**
 * What this device knows of one's mailbox as a whole: which lists it keeps down to where, how many mails are unread, and
 * what the server was told. It holds as long as every event since `since` was applied; after a gap it begins anew.
 */
import type { UnreadMails } from '@recado/protocol'
import type { CacheWriter } from '../cache/cache.ts'
import type { MailExtent, MailMeta } from '../cache/rows.ts'
import type { Core } from '../engine/core.ts'

export class Knowledge {
  readonly #core: Core
  #meta: MailMeta | null = null

  constructor(core: Core) {
    this.#core = core
  }

  get meta(): MailMeta | null {
    return this.#meta
  }

  load(meta: MailMeta): void {
    if (!this.#meta && meta.epoch === this.#core.model.epoch) this.#meta = meta
  }

  /** Nothing is known but what comes from now on. */
  begin(): void {
    const { epoch, own } = this.#core.model
    if (epoch === null || !own) return
    const since = own.cursor.sequence
    this.#meta = { epoch, since, extents: {}, walked: 'no', confirmed: 0, unread: null }
    this.#store(mergeMeta)
  }

  extent(view: string): MailExtent | undefined {
    return this.#meta?.extents[view]
  }

  extend(view: string, extent: MailExtent): void {
    if (this.#meta) this.change({ extents: { ...this.#meta.extents, [view]: extent } })
  }

  /** Mails older than this are not kept any more. */
  cut(at: string): void {
    if (!this.#meta) return
    const cut = Object.entries(this.#meta.extents).map(([view, extent]) => [view, cutAt(extent, at)] as const)
    this.#meta = { ...this.#meta, extents: Object.fromEntries(cut) }
    this.#store((_stored, meta) => meta)
  }

  change(change: Partial<Pick<MailMeta, 'extents' | 'walked' | 'confirmed' | 'unread'>>): void {
    if (!this.#meta) return
    this.#meta = { ...this.#meta, ...change }
    this.#store(mergeMeta)
  }

  learnUnread(unread: UnreadMails): void {
    if (!this.#meta?.unread || unread.version >= this.#meta.unread.version) this.change({ unread })
  }

  #store(merge: (stored: MailMeta | undefined, meta: MailMeta) => MailMeta): void {
    const meta = this.#meta
    if (meta) this.#core.writer.add({ kind: 'run', work: rows => writeMeta(rows, meta, merge) })
  }
}

async function writeMeta(
  rows: CacheWriter,
  meta: MailMeta,
  merge: (stored: MailMeta | undefined, meta: MailMeta) => MailMeta,
): Promise<void> {
  const whole = await rows.get('meta', 'meta')
  if (whole && whole.epoch !== meta.epoch) return
  await rows.put('mailMeta', 'mail', merge(await rows.get('mailMeta', 'mail'), meta))
}

/** Tabs may know different things: both hold for what they keep together. */
function mergeMeta(stored: MailMeta | undefined, meta: MailMeta): MailMeta {
  if (!stored || stored.epoch !== meta.epoch || stored.since < meta.since) return meta
  if (stored.since > meta.since) return stored
  const views = [...Object.keys(stored.extents), ...Object.keys(meta.extents)]
  const extents = views.map(view => [view, deeper(stored.extents[view], meta.extents[view])] as const)
  const [a, b] = [stored.unread, meta.unread]
  return {
    ...meta,
    extents: Object.fromEntries(extents),
    walked: stored.walked === 'yes' ? 'yes' : meta.walked,
    confirmed: Math.max(stored.confirmed, meta.confirmed),
    unread: a && (!b || a.version > b.version) ? a : b,
  }
}

export function deeper(a: MailExtent | undefined, b: MailExtent | undefined): MailExtent {
  if (!a || !b) return a ?? b ?? { at: null }
  if (a.at === null || b.at === null) return a.at === null ? a : b
  return a.at < b.at ? a : b
}

function cutAt(extent: MailExtent, at: string): MailExtent {
  return extent.at === null || extent.at < at ? { at } : extent
}
