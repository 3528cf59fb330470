/**
 * Hostile bodies in the frame that shows them, in the browser itself: as the server stores them, and past its sanitising, so
 * that the frame and its policy stand alone. Nothing runs, nothing is loaded from elsewhere, and links say where they lead.
 */
import { createPerson, hostileBodies } from '@recado/testkit'
import { expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import { MailDesk, mailTo, outMs } from './mail-desk.ts'
import type { Seat } from './seat.ts'

const { seat } = receiveGuests()
const hostile = { tags: ['browser'], timeout: 240_000 }

/** In the page and in its frames: what the bodies would call leaves a mark. */
function markAttacks(): void {
  Object.assign(window, { attack: () => document.documentElement.setAttribute('data-attacked', '') })
}

/** In the page: turns the frame to an address; resolves to what is marked there and where it is by then. */
async function turnFrame(address: string): Promise<readonly [boolean, string]> {
  const frame = document.querySelector('iframe')
  if (!frame) throw new Error('There is no frame.')
  const loaded = new Promise(resolve => frame.addEventListener('load', resolve, { once: true }))
  frame.src = address
  await loaded
  const inside = frame.contentDocument
  const attacked = [document, inside].some(one => one?.documentElement.hasAttribute('data-attacked') !== false)
  return [attacked, `${inside?.location.pathname}${inside?.location.search}`]
}

/** What the policy refuses is said in the console; anything else there is a fault. */
function forgetRefusals(seat: Seat): void {
  const others = seat.complaints.filter(said => !/Content Security Policy|sandboxed|ServiceWorkerContainer/u.test(said))
  seat.complaints.splice(0, seat.complaints.length, ...others)
}

async function openFormatted(html: string) {
  const taken = await seat()
  // What a worker passes on is not seen on its way.
  await taken.withoutWorker()
  const ana = await MailDesk.take(taken)
  const bo = await createPerson(ana.person)
  await ana.seat.context.addInitScript(markAttacks)
  /** What went out to elsewhere. A request that the policy refused never comes so far. */
  const asked: string[] = []
  await ana.seat.context.route(/^https:/u, async route => {
    asked.push(route.request().url())
    await route.abort()
  })
  const { id } = await mailTo(bo, [ana.person], { subject: 'Hostile', html })
  await ana.goTo('inbox')
  await ana.row('Hostile').getByRole('link').click({ timeout: outMs })
  await ana.page.frameLocator('iframe').locator('p').first().waitFor()
  const frame = ana.page.locator('iframe')
  await expect.poll(() => frame.evaluate((one: HTMLIFrameElement) => one.contentDocument?.readyState)).toBe('complete')
  return { ana, bo, id, asked }
}

it('M1: what the server stores of hostile bodies runs nothing and loads nothing', hostile, async () => {
  const { ana, bo, asked } = await openFormatted('<p>First</p>')
  for (const [name, body] of Object.entries(hostileBodies)) {
    const { id } = await mailTo(bo, [bo, ana.person], { html: `<p>x</p>${body}` })
    const { token } = await bo.call('mail.getBodyToken', { mailId: id })
    const address = `/v1/mails/${id}/body?token=${token}`
    expect([name, ...(await ana.page.evaluate(turnFrame, address))]).toEqual([name, false, address])
  }
  expect(asked).toEqual([])
  forgetRefusals(ana.seat)
})

it('M1: what got past sanitising runs nothing and loads nothing either', hostile, async () => {
  const { ana, id, asked } = await openFormatted('<p>First</p>')
  const { token } = await ana.person.call('mail.getBodyToken', { mailId: id })
  let current = ''
  await ana.page.route(/\/v1\/mails\/\d+\/body/u, async route => {
    const response = await route.fetch()
    // The policy is the server's, the words are not.
    await route.fulfill({ response, body: `<!doctype html><meta charset="utf-8"><p>x</p>${current}` })
  })
  for (const [index, [name, body]] of Object.entries(hostileBodies).entries()) {
    current = body
    const address = `/v1/mails/${id}/body?token=${token}&n=${index}`
    const [attacked, place] = await ana.page.evaluate(turnFrame, address)
    expect([name, attacked]).toEqual([name, false])
    // Nowhere else, or nowhere at all.
    expect([address, 'undefinedundefined']).toContain(place)
  }
  expect(asked).toEqual([])
  forgetRefusals(ana.seat)
})

it('shows pictures from elsewhere only when asked, and where a link leads before it opens', hostile, async () => {
  const link = '<p><a href="https://elsewhere.example/steal">https://bank.example</a></p>'
  const { ana, asked } = await openFormatted(`<p>Look</p>${link}<img src="https://elsewhere.example/a.png" alt="">`)
  expect(asked).toEqual([])
  await ana.page.frameLocator('iframe').getByRole('link').click()
  const said = ana.page.getByRole('dialog', { name: 'Where this link leads' })
  await said.getByText('elsewhere.example', { exact: true }).waitFor()
  expect(ana.seat.context.pages()).toHaveLength(1)
  await ana.page.keyboard.press('Escape')
  await said.waitFor({ state: 'detached' })
  await ana.page.getByRole('button', { name: 'Show them' }).click()
  await expect.poll(() => asked, { timeout: outMs }).toEqual(['https://elsewhere.example/a.png'])
  // As tall as what stands in it: nothing scrolls within.
  const fits = () =>
    ana.page.locator('iframe').evaluate((frame: HTMLIFrameElement) => {
      const page = frame.contentDocument?.documentElement
      return page !== undefined && page.scrollHeight <= frame.clientHeight
    })
  await expect.poll(fits, { timeout: outMs }).toBe(true)
  forgetRefusals(ana.seat)
})
