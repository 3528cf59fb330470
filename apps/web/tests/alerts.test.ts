/** What calls when somebody writes, and what a choice in the settings does in every tab. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import type { Seat } from './seat.ts'

const table = receiveGuests()

async function sit(username: string, displayName: string): Promise<Seat> {
  const seat = await table.seat()
  await seat.context.addInitScript(countNotes)
  await seat.context.addInitScript(waitLonger)
  await seat.signUp(username, displayName)
  return seat
}

/** Counts the notes that the page plays, on its root element. */
function countNotes(): void {
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) {
    const { dataset } = document.documentElement
    dataset['notes'] = String(Number(dataset['notes'] ?? 0) + 1)
    return start.call(this, when)
  }
}

/** A tab of a busy machine may hear of a message later than another by more than the 400 ms that the app allows for. */
function waitLonger(): void {
  const { setTimeout: set } = window
  const later = (run: TimerHandler, ms?: number, ...more: unknown[]) => set(run, ms === 400 ? 2_000 : ms, ...more)
  Object.assign(window, { setTimeout: later })
}

function notes(page: Page): Promise<number> {
  return page.evaluate(() => Number(document.documentElement.dataset['notes'] ?? 0))
}

describe('when somebody writes', { tags: ['browser'], timeout: 120_000 }, () => {
  it('another chat calls by a toast that opens it and by one sound in all tabs; the open one does not', async () => {
    const [ana, bo, cy] = await Promise.all([
      sit('ana-call', 'Ana Call'),
      sit('bo-call', 'Bo Call'),
      sit('cy-call', 'Cy Call'),
    ])
    await bo.writeTo('ana-call')
    await bo.send('read at once')
    await ana.open('Bo Call')
    await ana.message('read at once').waitFor()
    const other = await ana.anotherTab()
    await other.getByRole('link', { name: /Bo Call/ }).waitFor()
    // Loaded anew, so that only what comes from here on is counted.
    await ana.page.bringToFront()
    await ana.page.reload()
    await ana.message('read at once').waitFor()
    await ana.page.locator('main').getByText('online', { exact: true }).waitFor()
    await ana.hearsEverything()
    const allNotes = async () => (await notes(ana.page)) + (await notes(other))
    await bo.send('read along')
    await ana.message('read along').waitFor()

    await cy.writeTo('ana-call')
    await cy.send('over here')
    const toast = ana.page.getByRole('dialog').filter({ hasText: 'Cy Call: over here' })
    await toast.waitFor()
    await expect.poll(allNotes).toBe(2)
    await toast.getByRole('button', { name: 'Open' }).click()
    await ana.page.getByRole('heading', { level: 1, name: 'Cy Call' }).waitFor()
    expect(await allNotes()).toBe(2)
  })

  it('nothing calls when it was switched off, which holds in every tab at once', async () => {
    const [ana, bo] = await Promise.all([sit('ana-calm', 'Ana Calm'), sit('bo-calm', 'Bo Calm')])
    const other = await ana.anotherTab('/app/settings')
    await other.getByRole('switch', { name: 'Play a quiet sound' }).press('Space')
    await other.getByRole('switch', { name: 'Show new messages of other chats' }).press('Space')
    await other.getByRole('radio', { name: 'Dark' }).press('Space')
    await other.getByRole('radio', { name: 'Largest' }).press('Space')
    await ana.page.locator('html[data-theme=dark][data-text-size=largest]').waitFor()
    await other.getByRole('radio', { name: 'Español' }).press('Space')
    await ana.page.getByRole('link', { name: 'Personas' }).waitFor()
    await ana.page.bringToFront()
    await bo.writeTo('ana-calm')
    await bo.send('quietly')
    await ana.row('Bo Calm').waitFor()
    await ana.page.getByText('quietly').waitFor()
    await ana.page.reload()
    await ana.page.locator('html[data-theme=dark][data-text-size=largest][lang=es]').waitFor()
    expect((await notes(ana.page)) + (await notes(other))).toBe(0)
    expect(await ana.page.getByRole('dialog').count()).toBe(0)
  })
})
