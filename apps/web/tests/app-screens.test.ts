/** The screens as the real app comes to them: no serious fault for assistive technology, and a picture to look at. */
import { type Client, createNodeClient } from '@recado/client'
import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { password, type Seat } from './seat.ts'
import { setTable, type Table } from './table.ts'

let table: Table
beforeAll(async () => {
  table = await setTable()
  await furnish(table.url)
}, 120_000)
afterAll(() => table?.[Symbol.asyncDispose]())

const lines = [
  'Good morning. Did the printer answer about the paper?',
  'Yes, late last night: warm white, 120 g, but only from the 3rd. The list is at https://example.org/desk/lists?sort=city',
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft has to fit on the envelope, @beatriz.',
  'شكراً جزيلاً، سأراجعها الليلة وأخبركم غداً صباحاً.',
  '1. Paper: warm white\n2. Colour: the red of the seal\n3. Date: Saturday, 12 December 🎉',
]

/** Beatriz, her colleagues, a group and direct chats, with content as people write it. */
async function furnish(url: string): Promise<void> {
  await using beatriz = createNodeClient({ url })
  await using joao = createNodeClient({ url })
  await using layla = createNodeClient({ url })
  await beatriz.signUp({ username: 'beatriz', password, displayName: 'Beatriz Lima' })
  await joao.signUp({ username: 'joao', password, displayName: 'João Pedro de Alcântara Figueiredo e Souza' })
  await layla.signUp({ username: 'layla', password, displayName: 'ليلى حداد' })
  const [jo, la, me] = [joao, layla, beatriz].map(client => client.getSnapshot().me)
  if (!jo || !la || !me) throw new Error('Signing up signs in.')
  const group = await joao.createGroup('Letter desk: invitations for the winter party', [me.id, la.id])
  const direct = await layla.openDirect(me.id)
  await beatriz.caughtUp()
  for (const [index, body] of lines.entries()) {
    const writer = [joao, beatriz, joao, layla, beatriz][index] ?? joao
    await writer.send({ conversationId: group.id, body, mentions: body.includes('@beatriz') ? [me.id] : [] })
    await isSent(writer)
  }
  await layla.send({ conversationId: direct.id, body: 'See you at nine?' })
  await isSent(layla)
}

async function isSent(client: Client): Promise<void> {
  await vi.waitUntil(() => client.getSnapshot().outbox.waiting === 0, { timeout: 10_000 })
}

/** Two looks hold both sizes and both themes: what could be wrong in the other two is wrong in one of them. */
const looks = [
  { size: 'desktop', theme: 'light', audit: 'full' },
  { size: 'desktop', theme: 'dark', audit: 'picture' },
  { size: 'phone', theme: 'light', audit: 'picture' },
  { size: 'phone', theme: 'dark', audit: 'full' },
] as const

describe.each(looks)('on a $size, $theme', { tags: ['browser'], timeout: 120_000 }, ({ size, theme, audit }) => {
  it('every screen is accessible and has its picture taken', async () => {
    const seat = await table.seat({ size, theme })
    const look = async (name: string) => {
      await seat.shoot(`${name}-${size}-${theme}`)
      if (audit === 'full') await seat.expectAccessible()
    }
    await lookAtSignIn(seat, look)
    await seat.signIn('beatriz')
    await lookAtChats(seat, look)
    await lookAtConversation(seat, look)
    await lookAtTheRest(seat, look)
    seat.expectNoComplaints()
    await seat.context.close()
  })
})

type Look = (name: string) => Promise<void>

async function lookAtSignIn({ page, url }: Seat, look: Look): Promise<void> {
  await page.goto(`${url}/app/sign-up`)
  await page.getByRole('heading', { name: 'Sign up' }).waitFor()
  await look('sign-up')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await look('sign-in')
}

async function lookAtChats({ page }: Seat, look: Look): Promise<void> {
  await page.getByText('See you at nine?').waitFor()
  await look('chats')
  await page.getByRole('button', { name: 'New chat' }).click()
  await page.getByLabel('To', { exact: true }).fill('jo')
  await page.getByRole('button', { name: '@joao' }).waitFor()
  await look('new-chat')
  await page.getByRole('button', { name: 'New group' }).click()
  await page.getByLabel('Members').fill('jo')
  await page.getByRole('button', { name: '@joao' }).click()
  await page.getByRole('button', { name: 'Take out João' }).waitFor()
  await look('new-group')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /Bell/ }).click()
  await page.getByRole('dialog', { name: 'Notifications' }).waitFor()
  await look('bell')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

async function lookAtConversation(seat: Seat, look: Look): Promise<void> {
  const { page } = seat
  await seat.open('Letter desk: invitations for the winter party')
  await seat.message('Saturday, 12 December').waitFor()
  await look('conversation')
  await seat.message('Good morning').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Reply' }).waitFor()
  await look('message-menu')
  await page.getByRole('menuitem', { name: 'Reply' }).click()
  await page.getByRole('button', { name: 'Do not reply to it' }).waitFor()
  await seat.field.fill('@')
  await page.getByRole('option').first().waitFor()
  await look('reply-and-mention')
  await seat.field.fill('')
  await page.getByRole('button', { name: 'Do not reply to it' }).click()
  await page.getByRole('button', { name: 'Details', exact: true }).click()
  await page.getByRole('button', { name: 'Leave the group' }).waitFor()
  await page.getByText('@layla').waitFor()
  await look('group-details')
  await page.getByRole('button', { name: 'Close the details' }).click()
}

async function lookAtTheRest({ page, url }: Seat, look: Look): Promise<void> {
  await page.goto(`${url}/app/people`)
  await page.getByRole('button', { name: '@layla' }).waitFor()
  await look('people')
  await page.goto(`${url}/app/settings`)
  await page.getByText('This device').first().waitFor()
  await look('settings')
  await page.goto(`${url}/app/chats/999999999`)
  await page.getByText('This chat is not there any more, or not for you.').waitFor()
  await look('no-such-chat')
}
