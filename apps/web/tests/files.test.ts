/** C8 in the browser: files chosen, pasted and dropped; pictures in the conversation and over the screen; going up and stopped. */
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import type { Seat } from './seat.ts'

const { sit, sitAndWrite } = receiveGuests()

async function pair(mark: string): Promise<readonly [Seat, Seat]> {
  const [ana, bo] = await Promise.all([sit(`ana-${mark}`, `Ana ${mark}`), sit(`bo-${mark}`, `Bo ${mark}`)])
  await ana.writeTo(`bo-${mark}`)
  return [ana, bo]
}

async function picture(width: number, height: number, background: string) {
  const buffer = await sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer()
  return { name: `quay ${background}.jpg`, mimeType: 'image/jpeg', buffer }
}

const text = (name: string, content = 'The road goes ever on.') => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(content),
})

const choose = (seat: Seat, files: Parameters<ReturnType<Page['locator']>['setInputFiles']>[0]) =>
  seat.page.locator('main input[type=file]').setInputFiles(files)

/** As if it came from outside the page. */
async function hand(seat: Seat, kind: 'drop' | 'paste', name: string): Promise<void> {
  await seat.page.evaluate(
    ([how, called]) => {
      const data = new DataTransfer()
      data.items.add(new File(['by hand'], called, { type: 'text/plain' }))
      const target = document.querySelector(how === 'drop' ? 'main' : 'main textarea')
      const init = { bubbles: true, cancelable: true }
      target?.dispatchEvent(
        how === 'drop'
          ? new DragEvent('drop', { ...init, dataTransfer: data })
          : new ClipboardEvent('paste', { ...init, clipboardData: data }),
      )
    },
    [kind, name] as const,
  )
}

/** The picture of that name in the conversation, once it is drawn. */
async function drawn(seat: Seat, name: string) {
  const button = seat.page.getByRole('button', { name: `Show ${name}` })
  await button.waitFor()
  const image = button.locator('img').last()
  await expect.poll(() => image.evaluate(element => (element as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)
  return { button, image }
}

describe('files', { tags: ['browser'], timeout: 90_000 }, () => {
  it('go with a message or alone, and arrive as pictures and as rows to save', async () => {
    const [ana, bo] = await pair('send')
    await choose(ana, [await picture(900, 600, 'teal'), text('road.txt')])
    const chips = ana.page.getByRole('list', { name: 'Files' })
    await expect.poll(() => chips.getByRole('listitem').count()).toBe(2)
    await ana.field.fill('From the quay')
    await ana.field.press('Enter')
    await ana.message('From the quay').waitFor()
    await chips.waitFor({ state: 'detached' })
    await drawn(ana, 'quay teal.jpg')

    await bo.open('Ana send')
    const { image } = await drawn(bo, 'quay teal.jpg')
    expect(await image.evaluate(element => (element as HTMLImageElement).naturalWidth)).toBe(640)
    const row = bo.page.locator('main').getByRole('link', { name: /road\.txt/ })
    const [download] = await Promise.all([bo.page.waitForEvent('download'), row.click()])
    expect(download.suggestedFilename()).toBe('road.txt')
    await bo.expectAccessible('main')
    await bo.shoot('files')

    await choose(ana, [text('alone.txt')])
    await ana.page.getByRole('button', { name: 'Send', exact: true }).click()
    await bo.page
      .locator('main')
      .getByRole('link', { name: /alone\.txt/ })
      .waitFor()
    await ana.row('Bo send').getByText('alone.txt').waitFor()
    for (const seat of [ana, bo]) seat.expectNoComplaints()
  })

  it('are pasted and dropped, and taken out again; eleven are one too many', async () => {
    const ana = await sitAndWrite('hand')
    await hand(ana, 'drop', 'dropped.txt')
    await hand(ana, 'paste', 'pasted.txt')
    const chips = ana.page.getByRole('list', { name: 'Files' })
    await chips.getByText('dropped.txt').waitFor()
    await chips.getByText('pasted.txt').waitFor()
    await ana.page.getByRole('button', { name: 'Remove dropped.txt' }).click()
    await chips.getByText('dropped.txt').waitFor({ state: 'detached' })
    await choose(
      ana,
      Array.from({ length: 10 }, (_, index) => text(`${index}.txt`)),
    )
    await ana.page.getByText('A message takes ten files.').waitFor()
    expect(await chips.getByRole('listitem').count()).toBe(10)
    ana.expectNoComplaints()
  })

  it('pictures open over the screen: keys go on and back, zoom and leave, and focus returns', async () => {
    const ana = await sitAndWrite('view')
    await choose(ana, [await picture(2_000, 1_200, 'maroon'), await picture(300, 500, 'olive')])
    await ana.page.getByRole('button', { name: 'Send', exact: true }).click()
    const { button } = await drawn(ana, 'quay maroon.jpg')
    await drawn(ana, 'quay olive.jpg')
    await button.click()
    const viewer = ana.page.getByRole('dialog', { name: 'quay maroon.jpg' })
    await viewer.getByText('1 / 2').waitFor()
    await ana.shoot('viewer')
    await ana.expectAccessible('[role=dialog]')
    await viewer.getByRole('button', { name: 'Full size' }).click()
    await viewer.getByRole('button', { name: 'Fit to screen' }).waitFor()
    await ana.page.keyboard.press('ArrowRight')
    await ana.page.getByRole('dialog', { name: 'quay olive.jpg' }).waitFor()
    await ana.page.keyboard.press('ArrowLeft')
    await viewer.waitFor()
    await ana.page.keyboard.press('Escape')
    await viewer.waitFor({ state: 'detached' })
    await expect.poll(() => button.evaluate(element => element === document.activeElement)).toBe(true)
    ana.expectNoComplaints()
  })

  it('wait without a network, survive a reload, and can be stopped while they go up', async () => {
    const [ana, bo] = await pair('wait')
    await ana.send('before')
    await ana.page.route('**/v1/media/**', route => route.abort())
    await choose(ana, [text('waits.txt')])
    await ana.field.fill('with it')
    await ana.field.press('Enter')
    await ana.page.getByRole('progressbar', { name: 'Upload' }).waitFor()
    await choose(ana, [text('stopped.txt')])
    await ana.page.getByRole('button', { name: 'Send', exact: true }).click()
    const stopped = ana.page.getByRole('article').filter({ hasText: 'stopped.txt' })
    await stopped.getByRole('button', { name: 'Cancel' }).click()
    await stopped.waitFor({ state: 'detached' })
    await ana.page.unroute('**/v1/media/**')
    await ana.page.reload()
    await bo.open('Ana wait')
    await bo.message('with it').waitFor()
    await bo.page
      .locator('main')
      .getByRole('link', { name: /waits\.txt/ })
      .waitFor()
    expect(await bo.page.getByText('stopped.txt').count()).toBe(0)
    for (const seat of [ana, bo]) seat.expectNoComplaints()
  })

  it('that the server does not take say so, and their text stays', async () => {
    const ana = await sitAndWrite('refuse')
    await choose(ana, [{ ...text('a.png', '\u0089'), buffer: Buffer.from('89504e470d0a1a0a', 'hex') }])
    await ana.field.fill('look at this')
    await ana.field.press('Enter')
    const message = ana.message('look at this')
    await message.getByText('A file could not be taken.').waitFor()
    await message.getByRole('button', { name: 'Cancel' }).click()
    await message.waitFor({ state: 'detached' })
    ana.expectNoComplaints()
  })
})
