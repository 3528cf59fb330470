import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDeferrals, undoMs } from './deferrals.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start(run: () => Promise<void>) {
  const deferrals = createDeferrals()
  const refused = vi.fn()
  deferrals.defer({ key: 'message 1/2', run, refused })
  return { deferrals, refused }
}

describe('deferrals', () => {
  it('hide at once and act when the time to undo is over', async () => {
    const run = vi.fn(async () => {})
    const { deferrals } = start(run)
    expect(deferrals.hidden.get().has('message 1/2')).toBe(true)
    await vi.advanceTimersByTimeAsync(undoMs - 1)
    expect(run).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(run).toHaveBeenCalledOnce()
    expect(deferrals.hidden.get().size).toBe(0)
  })

  it('do nothing once undone', async () => {
    const run = vi.fn(async () => {})
    const { deferrals } = start(run)
    deferrals.undo('message 1/2')
    await vi.advanceTimersByTimeAsync(undoMs * 2)
    expect(run).not.toHaveBeenCalled()
    expect(deferrals.hidden.get().size).toBe(0)
  })

  it('act now when the page goes away, once', async () => {
    const run = vi.fn(async () => {})
    const { deferrals } = start(run)
    deferrals.flush()
    await vi.advanceTimersByTimeAsync(undoMs * 2)
    expect(run).toHaveBeenCalledOnce()
  })

  it('show again what the server refused', async () => {
    const { deferrals, refused } = start(async () => {
      throw new Error('refused')
    })
    await vi.advanceTimersByTimeAsync(undoMs)
    expect(refused).toHaveBeenCalledOnce()
    expect(deferrals.hidden.get().size).toBe(0)
  })
})
