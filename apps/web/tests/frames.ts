/** What was on screen in each painted frame: where messages stood, and how far they moved since the frame before. */
import type { Page } from 'playwright-core'

export interface Frame {
  /** Since the frame before, in milliseconds. */
  readonly ms: number
  /** How far the messages that were on screen before moved: the least and the most; null if none of them is left. */
  readonly moved: readonly [number, number] | null
  /** The top of each message on screen, by its sequence. */
  readonly tops: Readonly<Record<string, number>>
}

/** Records frames while `work` goes on, and until the list rests. */
export async function recordFrames(page: Page, work: () => Promise<void>): Promise<readonly Frame[]> {
  await page.evaluate(startRecording)
  await work()
  await rest(page)
  return page.evaluate(() => (window as unknown as { frames: Frame[] }).frames)
}

/** Until nothing has moved for ten frames. */
export async function rest(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>(resolve => {
        const list = document.querySelector('[data-testid=messages]')
        const where = () => {
          const first = list?.querySelector('article')
          return `${list?.scrollTop} ${list?.scrollHeight} ${first?.getBoundingClientRect().top}`
        }
        let before = where()
        let still = 0
        const look = () => {
          const now = where()
          still = now === before ? still + 1 : 0
          before = now
          if (still > 10) resolve()
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
  )
}

/** In the page. Looks after each frame was painted: before, what the frame's own layout corrects is not corrected yet. */
function startRecording(): void {
  const frames: Frame[] = []
  Object.assign(window, { frames })
  const list = document.querySelector('[data-testid=messages]')
  if (!list) throw new Error('there is no message list')
  let last = performance.now()
  let before: Record<string, number> | null = null
  const painted = new MessageChannel()
  const look = (ms: number) => {
    const { top, bottom } = list.getBoundingClientRect()
    const tops: Record<string, number> = {}
    for (const article of list.querySelectorAll<HTMLElement>('article[data-sequence]')) {
      const box = article.getBoundingClientRect()
      if (box.bottom > top && box.top < bottom) tops[article.dataset['sequence'] ?? ''] = box.top
    }
    const known = before ?? {}
    const moves = Object.keys(tops).flatMap(key => (key in known ? [(tops[key] ?? 0) - (known[key] ?? 0)] : []))
    if (before !== null)
      frames.push({ ms, tops, moved: moves.length > 0 ? [Math.min(...moves), Math.max(...moves)] : null })
    before = tops
  }
  const frame = (now: number) => {
    const ms = now - last
    last = now
    if (!list.isConnected || (window as unknown as { frames: Frame[] }).frames !== frames) return
    painted.port1.onmessage = () => look(ms)
    painted.port2.postMessage(null)
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}
