/** C2, C1, C5: the list of chats in one's own order, groups with many members, and what one shows of oneself. */
import { createNodeClient } from '@recado/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { password, type Seat } from './seat.ts'
import { setTable, type Table } from './table.ts'

let table: Table
beforeAll(async () => {
  table = await setTable()
}, 120_000)
afterAll(() => table?.[Symbol.asyncDispose]())

const patience = { timeout: 20_000 }

/** A client without a browser, signed up. */
async function person(username: string) {
  const client = createNodeClient({ url: table.url })
  await client.signUp({ username, password, displayName: username })
  await client.caughtUp()
  const { me } = client.getSnapshot()
  if (!me) throw new Error('Signing up signs in.')
  return { client, id: me.id }
}

/** The names of the chats from top to bottom. */
async function order(seat: Seat): Promise<string[]> {
  const rows = await seat.page.locator('[data-chat]').all()
  const placed = await Promise.all(
    rows.map(async row => ({
      top: (await row.boundingBox())?.y ?? 0,
      name: await row.locator('bdi').first().innerText(),
    })),
  )
  return placed.sort((a, b) => a.top - b.top).map(({ name }) => name)
}

async function choose(seat: Seat, chat: string, entry: string): Promise<void> {
  await seat.row(chat).click({ button: 'right' })
  await seat.page.getByRole('menuitem', { name: entry, exact: true }).click()
}

const inBrowser = { tags: ['browser'], timeout: 180_000 }

describe('chats in one’s own order', inBrowser, () => {
  it('C2: pins in one’s own order, by the menu, the keyboard and the pointer, live on another device', async () => {
    await using own = (await person('rosa')).client
    await using other = (await person('nuno')).client
    const rosa = own.getSnapshot().me
    if (!rosa) throw new Error('Rosa is signed in.')
    for (const name of ['One', 'Two', 'Three', 'Four']) await other.createGroup(name, [rosa.id])
    const seat = await table.seat()
    const phone = await table.seat({ size: 'phone' })
    await seat.signIn('rosa')
    await phone.signIn('rosa')
    await vi.waitFor(async () => expect(await order(seat)).toEqual(['Four', 'Three', 'Two', 'One']), patience)

    await choose(seat, 'One', 'Pin')
    await choose(seat, 'Two', 'Pin')
    await seat.page.getByRole('heading', { name: 'Pinned' }).waitFor()
    await vi.waitFor(async () => expect(await order(seat)).toEqual(['Two', 'One', 'Four', 'Three']), patience)
    await vi.waitFor(async () => expect(await order(phone)).toEqual(['Two', 'One', 'Four', 'Three']), patience)

    await seat.row('One').focus()
    await seat.page.keyboard.press('Alt+Shift+ArrowUp')
    await vi.waitFor(async () => expect((await order(seat)).slice(0, 2)).toEqual(['One', 'Two']), patience)
    const [from, to] = [
      seat.page.locator('[data-chat]', { hasText: 'Two' }),
      seat.page.locator('[data-chat]', { hasText: 'One' }),
    ]
    await from.dragTo(to, { targetPosition: { x: 60, y: 6 } })
    await vi.waitFor(async () => expect((await order(phone)).slice(0, 2)).toEqual(['Two', 'One']), patience)

    for (const one of [seat, phone]) one.expectNoComplaints()
    await Promise.all([seat.context.close(), phone.context.close()])
  })

  it('C2: archives and marks as unread, live on another device, and undoes it', async () => {
    await using own = (await person('vera')).client
    await using other = (await person('rui')).client
    const vera = own.getSnapshot().me
    if (!vera) throw new Error('Vera is signed in.')
    for (const name of ['Three', 'Four']) await other.createGroup(name, [vera.id])
    const seat = await table.seat()
    const phone = await table.seat({ size: 'phone' })
    await seat.signIn('vera')
    await phone.signIn('vera')
    await vi.waitFor(async () => expect(await order(phone)).toEqual(['Four', 'Three']), patience)
    await choose(seat, 'Four', 'Archive')
    const notice = seat.page.getByRole('dialog').filter({ hasText: 'Four is archived.' })
    // A notice under the pointer stays, however long the other device takes.
    await notice.hover()
    await vi.waitFor(async () => expect(await order(phone)).toEqual(['Three']), patience)
    await notice.getByRole('button', { name: 'Undo' }).click()
    await vi.waitFor(async () => expect(await order(phone)).toEqual(['Four', 'Three']), patience)

    await choose(seat, 'Four', 'Archive')
    await seat.page.getByRole('button', { name: 'Archived 1' }).click()
    await vi.waitFor(async () => expect(await order(seat)).toEqual(['Four']), patience)
    await seat.shoot('archive')
    await seat.page.getByRole('button', { name: 'Back to the chats' }).click()
    await vi.waitFor(async () => expect(await order(seat)).toEqual(['Three']), patience)

    await choose(seat, 'Three', 'Mark as unread')
    await phone.page.getByRole('img', { name: 'Marked as unread' }).waitFor()
    await vi.waitFor(async () => expect(await seat.page.title()).toBe('(1) Recado'), patience)
    await seat.page.locator('link[rel=icon][href^="data:image/png"]').waitFor({ state: 'attached' })
    await seat.row('Three').click()
    await phone.page.getByRole('img', { name: 'Marked as unread' }).waitFor({ state: 'detached' })
    await vi.waitFor(async () => expect(await seat.page.title()).toBe('Recado'), patience)
    for (const one of [seat, phone]) one.expectNoComplaints()
    await Promise.all([seat.context.close(), phone.context.close()])
  })
})

describe('chats that do not call', inBrowser, () => {
  it('C2: a muted chat shows what came and neither counts nor calls; an archived one comes back with a message', async () => {
    await using own = (await person('iris')).client
    await using other = (await person('caio')).client
    const iris = own.getSnapshot().me
    if (!iris) throw new Error('Iris is signed in.')
    const [loud, quiet] = [await other.createGroup('Loud', [iris.id]), await other.createGroup('Quiet', [iris.id])]
    const seat = await table.seat()
    await seat.signIn('iris')
    await seat.row('Quiet').waitFor()
    await choose(seat, 'Quiet', 'Mute for good')
    await choose(seat, 'Loud', 'Archive')
    await vi.waitFor(async () => expect(await order(seat)).toEqual(['Quiet']), patience)
    await vi.waitFor(
      () => expect(own.getSnapshot().conversations.find(view => view.id === quiet.id)?.muted).toBe('forever'),
      patience,
    )
    await other.send({ conversationId: quiet.id, body: 'in silence' })
    await seat.row('Quiet').getByRole('img', { name: '1 unread' }).waitFor()
    expect(await seat.page.title()).toBe('Recado')
    await other.send({ conversationId: loud.id, body: 'here again' })
    await seat.row('Loud').getByRole('img', { name: '1 unread' }).waitFor()
    await vi.waitFor(async () => expect(await seat.page.title()).toBe('(1) Recado'), patience)
    expect(await seat.page.getByRole('region', { name: 'Notices' }).getByText('in silence').count()).toBe(0)
    await seat.page.getByRole('button', { name: 'Unread', exact: true }).click()
    await vi.waitFor(async () => expect(await order(seat)).toEqual(['Loud', 'Quiet']), patience)
    await seat.page.getByRole('button', { name: 'Mentions', exact: true }).click()
    await seat.page.getByText('Nobody is waiting for you by name.').waitFor()
    await seat.page.getByRole('button', { name: 'All', exact: true }).click()
    await other.send({ conversationId: quiet.id, body: '@iris, please', mentions: [iris.id] })
    await seat.page.getByRole('button', { name: 'Mentions', exact: true }).click()
    await vi.waitFor(async () => expect(await order(seat)).toEqual(['Quiet']), patience)
    await seat.expectAccessible('ul[aria-label=Chats]')
    seat.expectNoComplaints()
    await seat.context.close()
  })
})

describe('groups and privacy', inBrowser, () => {
  it('C1: those who run a group say what it is for, and find a member by name', async () => {
    await using owner = (await person('dora')).client
    const people = await Promise.all(Array.from({ length: 12 }, (_, index) => person(`member${index}`)))
    await using held = new AsyncDisposableStack()
    for (const { client } of people) held.use(client)
    const group = await owner.createGroup(
      'Choir',
      people.map(({ id }) => id),
    )
    const seat = await table.seat()
    await seat.signIn('dora')
    await seat.open('Choir')
    await seat.page.getByRole('button', { name: 'Details', exact: true }).click()
    await seat.page.getByRole('button', { name: 'Say what the group is for' }).click()
    await seat.page.getByLabel('Description of the group').fill('We sing on Thursdays.')
    await seat.page.getByRole('button', { name: 'Save' }).click()
    await seat.page.getByText('We sing on Thursdays.').waitFor()
    await vi.waitFor(
      () =>
        expect(
          people[0]?.client.getSnapshot().conversations.find(view => view.id === group.id)?.conversation.description,
        ).toBe('We sing on Thursdays.'),
      patience,
    )
    const list = seat.page.getByRole('list', { name: 'Members' })
    await seat.page.getByLabel('Find a member').fill('member11')
    await vi.waitFor(async () => expect(await list.getByRole('listitem').count()).toBe(1), patience)
    await seat.page.getByRole('button', { name: 'Actions for member11' }).click()
    await seat.page.getByRole('menuitem', { name: 'Make admin' }).click()
    await list.getByText('Admin', { exact: true }).waitFor()
    await seat.shoot('members')
    await seat.page.getByRole('button', { name: 'Actions for member11' }).click()
    await seat.page.getByRole('menuitem', { name: 'Remove from the group' }).click()
    await seat.page.getByText('No member has this name.').waitFor()
    const notice = seat.page.getByRole('dialog').filter({ hasText: 'member11 was removed.' })
    await notice.getByRole('button', { name: 'Undo' }).click()
    await list.getByText('Admin', { exact: true }).waitFor()
    await seat.expectAccessible('[aria-label=Details]')
    seat.expectNoComplaints()
    await seat.context.close()
  })

  it('C5: switched off, the other sees two ticks and never that it was read', async () => {
    const seat = await table.seat()
    const other = await table.seat()
    await seat.signUp('elsa', 'Elsa')
    await other.signUp('otto', 'Otto')
    await seat.page.goto(`${table.url}/app/settings`)
    const choice = seat.page.getByRole('switch', { name: 'Show others what I have read' })
    const saved = choice.and(seat.page.locator('[aria-busy=false]'))
    await choice.setChecked(false, { force: true })
    await saved.waitFor()
    await seat.page.reload()
    await seat.page.getByRole('switch', { name: 'Show others what I have read', checked: false }).waitFor()
    await seat.shoot('privacy')
    await other.writeTo('elsa')
    await other.send('Are you there?')
    await seat.page.goto(`${table.url}/app/chats`)
    await seat.open('Otto')
    await seat.message('Are you there?').waitFor()
    await vi.waitFor(async () => expect(await seat.page.title()).toBe('Recado'), patience)
    await other.seesProgress('Are you there?', 'delivered')
    await seat.page.goto(`${table.url}/app/settings`)
    await choice.setChecked(true, { force: true })
    await saved.waitFor()
    await seat.page.goto(`${table.url}/app/chats`)
    await other.send('Now you may show it.')
    await seat.open('Otto')
    await other.seesProgress('Now you may show it.', 'read')
    for (const one of [seat, other]) one.expectNoComplaints()
    await Promise.all([seat.context.close(), other.context.close()])
  })
})
