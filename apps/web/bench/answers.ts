/** From an input until the frame after it was painted, by the clock: what a person feels, whatever the machine spends it on. */
import type { Page } from 'playwright-core'

/** In milliseconds, for each event of this kind while `work` goes on. */
export async function recordAnswers(
  page: Page,
  kind: 'click' | 'keydown',
  work: () => Promise<void>,
): Promise<readonly number[]> {
  await page.evaluate(startRecording, kind)
  await work()
  return page.evaluate(() => (window as unknown as { answers: number[] }).answers)
}

/** In the page. */
function startRecording(kind: string): void {
  const answers: number[] = []
  Object.assign(window, { answers })
  addEventListener(
    kind,
    ({ timeStamp }) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => answers.push(performance.now() - timeStamp)
      // The message comes after the frame that is about to be drawn.
      requestAnimationFrame(() => port2.postMessage(null))
    },
    { capture: true },
  )
}
