/** Settings, on this device: what is kept, whether it stays, deleting it, and installing the app. */
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import type { Seat } from './seat.ts'

const table = receiveGuests()

/** Ana, who wrote three messages, on a line that can be cut. */
async function anaOnLine(mark: string) {
  const { seat: ana, line } = await table.seatOnLine()
  await Promise.all([ana.signUp(`ana-${mark}`, `Ana ${mark}`), table.meet(`bo-${mark}`, `Bo ${mark}`)])
  await ana.writeTo(`bo-${mark}`)
  for (const text of ['one', 'two', 'three']) {
    await ana.send(text)
    await ana.seesProgress(text, 'delivered')
  }
  return { ana, line }
}

const device = ({ page }: Seat) => page.getByRole('region', { name: 'On this device' })

describe('on this device', { tags: ['browser'], timeout: 90_000 }, () => {
  it('messages are counted and deleted, what is not sent stays, and the server gives them back', async () => {
    const { ana, line } = await anaOnLine('device')
    const { page } = ana
    await ana.keepsTheApp()
    line.cut()
    await ana.send('not sent yet')
    await ana.seesProgress('not sent yet', 'waiting')
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await device(ana).getByText('3 messages are kept here').waitFor()
    await device(ana).getByText('1 message is not sent yet.').waitFor()
    await device(ana)
      .getByText(/ that this browser allows\.$/)
      .waitFor()
    await device(ana).getByText('Recado starts, shows what is kept').waitFor()
    await device(ana).scrollIntoViewIfNeeded()
    await ana.shoot('settings-device')
    await ana.expectAccessible('#device')
    await device(ana).getByRole('button', { name: 'Delete them from this device' }).click()
    await page.getByText('Deleted from this device. The server still has them.').waitFor()
    await device(ana).getByText('0 messages are kept here').waitFor()
    await device(ana).getByText('1 message is not sent yet.').waitFor()

    await page.reload()
    await page.getByRole('link', { name: 'Chats', exact: true }).click()
    await ana.row('Bo device').click()
    await ana.seesProgress('not sent yet', 'waiting')
    expect(await ana.texts()).toEqual(['not sent yet'])
    line.mend()
    await ana.seesProgress('not sent yet', 'delivered')
    await expect.poll(() => ana.texts()).toEqual(['one', 'two', 'three', 'not sent yet'])
  })

  it('the browser is asked to keep it, and its answer is told', async () => {
    const { ana } = await anaOnLine('lasting')
    const { page } = ana
    await page.addInitScript(() => {
      const answers = [false, true]
      let lasting = false
      StorageManager.prototype.persisted = async () => lasting
      StorageManager.prototype.persist = async () => {
        lasting = answers.shift() ?? lasting
        return lasting
      }
    })
    await page.goto(`${ana.url}/app/settings`)
    await device(ana).getByText('The browser may delete it when it needs room.').waitFor()
    await device(ana).getByRole('button', { name: 'Ask the browser to keep it' }).click()
    await page.getByText('The browser did not agree.').waitFor()
    await device(ana).getByRole('button', { name: 'Ask the browser to keep it' }).click()
    await device(ana).getByText('It stays until you delete it.').waitFor()
    expect(await device(ana).getByRole('button', { name: 'Ask the browser to keep it' }).count()).toBe(0)
  })

  it('the app is installed when the browser offers it, and by its menu else', async () => {
    const { ana } = await anaOnLine('install')
    const { page } = ana
    await page.goto(`${ana.url}/app/settings`)
    await device(ana).getByText('Install it from the menu of your browser').waitFor()
    // A browser without a screen makes no offer: the event is Chromium's, the answer the test's.
    await page.evaluate(() => {
      const offer = new Event('beforeinstallprompt', { cancelable: true })
      window.dispatchEvent(Object.assign(offer, { prompt: async () => ({ outcome: 'accepted' }) }))
    })
    await device(ana).getByRole('button', { name: 'Install Recado' }).click()
    await device(ana).getByText('Recado is installed.').waitFor()
  })
})
