/** C9: writing, by keys, by touch and through an input method. Nothing that was written is lost or sent by accident. */
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import type { Seat } from './seat.ts'

const { sitAndWrite } = receiveGuests()

async function expectText(seat: Seat, text: string): Promise<void> {
  await expect.poll(() => seat.field.inputValue()).toBe(text)
}

const bar = (seat: Seat) => seat.page.getByRole('toolbar', { name: 'Formatting' })

describe('formatting', { tags: ['browser'], timeout: 90_000 }, () => {
  it('C9: is written by keys, taken away by the same, and undone by the field', async () => {
    const seat = await sitAndWrite('keys')
    const { field } = seat
    await field.pressSequentially('The paper is warm')
    for (let step = 0; step < 4; step++) await field.press('Shift+ArrowLeft')
    await field.press('ControlOrMeta+b')
    await expectText(seat, 'The paper is **warm**')
    await field.press('ControlOrMeta+b')
    await expectText(seat, 'The paper is warm')
    await field.press('ControlOrMeta+i')
    await expectText(seat, 'The paper is _warm_')
    await field.press('ControlOrMeta+z')
    await expectText(seat, 'The paper is warm')
    await field.press('ControlOrMeta+z')
    await field.press('ControlOrMeta+z')
    await expectText(seat, 'The paper is warm')
    await field.press('ControlOrMeta+a')
    await field.press('ControlOrMeta+Shift+l')
    await field.press('Enter')
    await seat.page.getByRole('article').getByRole('listitem').getByText('The paper is warm').waitFor()
  })

  it('C9: is offered in a bar where something is selected, or for as long as it is asked to stay', async () => {
    const seat = await sitAndWrite('bar')
    const { field, page } = seat
    await field.pressSequentially('read the list')
    expect(await bar(seat).count()).toBe(0)
    await field.press('ControlOrMeta+Shift+ArrowLeft')
    await bar(seat).waitFor()
    await seat.expectAccessible('form')
    await bar(seat).getByRole('button', { name: 'Code' }).click()
    await expectText(seat, 'read the `list`')
    await bar(seat).getByRole('button', { name: 'Code' }).click()
    await expectText(seat, 'read the list')
    await bar(seat).getByRole('button', { name: 'Link' }).click()
    await expectText(seat, 'read the [list](https://)')
    await field.pressSequentially('https://example.org')
    await expectText(seat, 'read the [list](https://example.org)')
    await bar(seat).waitFor({ state: 'detached' })

    await field.press('End')
    await page.getByRole('button', { name: 'Formatting', exact: true }).click()
    await bar(seat).getByRole('button', { name: 'Bold' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('End')
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await expectText(seat, 'read the [list](https://example.org)****')
    await field.press('ControlOrMeta+z')
    await field.press('Enter')
    await seat.page.getByRole('article').getByRole('link', { name: 'list' }).waitFor()
  })

  it('C9: goes on with a list by Shift+Enter, ends it in an empty item, and takes both back', async () => {
    const seat = await sitAndWrite('list')
    const { field } = seat
    await field.pressSequentially('1. paper')
    await field.press('Shift+Enter')
    await expectText(seat, '1. paper\n2. ')
    await field.pressSequentially('ink')
    await field.press('Shift+Enter')
    await field.press('Shift+Enter')
    await expectText(seat, '1. paper\n2. ink\n')
    await field.press('ControlOrMeta+z')
    await expectText(seat, '1. paper\n2. ink\n3. ')
    await field.press('ControlOrMeta+z')
    await expectText(seat, '1. paper\n2. ink')
    await field.press('Enter')
    await seat.page.getByRole('article').getByRole('listitem').getByText('ink').waitFor()
  })
})

describe('writing', { tags: ['browser'], timeout: 90_000 }, () => {
  it('C9: sends by Enter, breaks by Shift+Enter, sends nothing empty, and pastes words only', async () => {
    const seat = await sitAndWrite('enter')
    const { field, page } = seat
    await field.press('Enter')
    await field.pressSequentially('   ')
    await field.press('Enter')
    await expectText(seat, '   ')
    await field.fill('')
    await field.pressSequentially('one')
    await field.press('Shift+Enter')
    await field.pressSequentially('two')
    await expectText(seat, 'one\ntwo')
    await field.press('Enter')
    await seat.message('two').waitFor()
    await seat.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.evaluate(async () => {
      const html = new Blob(['<b>bold</b> <i>words</i>'], { type: 'text/html' })
      const text = new Blob(['bold words'], { type: 'text/plain' })
      await navigator.clipboard.write([new ClipboardItem({ 'text/html': html, 'text/plain': text })])
    })
    await field.press('ControlOrMeta+v')
    await expectText(seat, 'bold words')
    await field.press('ControlOrMeta+Enter')
    await seat.message('bold words').waitFor()
    expect(await seat.texts()).toEqual(['one\ntwo', 'bold words'])
  })

  it('C9: breaks by Enter where there is no other key for it', async () => {
    const seat = await sitAndWrite('phone', { size: 'phone' })
    await seat.field.tap()
    await seat.field.pressSequentially('one')
    await seat.field.press('Enter')
    await seat.field.pressSequentially('two')
    await expectText(seat, 'one\ntwo')
    await seat.page.getByRole('button', { name: 'Send' }).tap()
    await seat.message('two').waitFor()
    expect(await seat.texts()).toEqual(['one\ntwo'])
    await seat.field.pressSequentially('- three')
    await seat.field.press('Enter')
    await expectText(seat, '- three\n- ')
  })

  it('C9: an input method keeps its Enter, and its words are sent by the next', async () => {
    const seat = await sitAndWrite('ime')
    const input = await seat.context.newCDPSession(seat.page)
    await seat.field.focus()
    await input.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
    await expectText(seat, 'にほん')
    // As an input method has it: a key that writes nothing.
    const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 }
    await input.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter })
    await input.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter })
    await expectText(seat, 'にほん')
    await input.send('Input.insertText', { text: '日本' })
    await expectText(seat, '日本')
    expect(await seat.page.getByRole('article').count()).toBe(0)
    await seat.page.keyboard.press('Enter')
    await seat.message('日本').waitFor()
  })

  it('C7: Up edits the newest of one’s own, Escape leaves the edit, then the answer, and the draft stays', async () => {
    const seat = await sitAndWrite('up')
    const { field, page } = seat
    await seat.send('first')
    await seat.send('second')
    await seat.seesProgress('second', 'delivered')
    await field.press('ArrowUp')
    await expectText(seat, 'second')
    await field.pressSequentially(' thought')
    await field.press('Escape')
    await expectText(seat, '')
    await field.press('ArrowUp')
    await expectText(seat, 'second thought')
    await field.press('Enter')
    await seat.message('second thought').getByText('edited').waitFor()
    await seat.message('first').hover()
    await page.getByRole('button', { name: 'Reply' }).click()
    await field.pressSequentially('an answer')
    await page.getByRole('button', { name: 'Do not reply to it' }).waitFor()
    await field.press('ArrowUp')
    await expectText(seat, 'an answer')
    await field.press('Escape')
    await page.getByRole('button', { name: 'Do not reply to it' }).waitFor({ state: 'detached' })
    await expectText(seat, 'an answer')
  })

  it('C9: counts near the end, and says in words why too much is not sent', async () => {
    const seat = await sitAndWrite('long')
    const { field, page } = seat
    const sentence = 'The warm white paper is here. '
    await field.fill(sentence.repeat(650).trim())
    await page.getByText('501 characters left').waitFor({ state: 'detached' })
    await field.pressSequentially('!!')
    await page.getByText('499 characters left').first().waitFor()
    await field.fill(sentence.repeat(668).trim())
    const refusal = '39 characters too long to send. Shorten it, or send it in two messages.'
    await page.getByText(refusal).first().waitFor()
    await field.press('Enter')
    await page.getByRole('alert').filter({ hasText: refusal }).waitFor()
    await seat.expectAccessible('form')
    expect((await field.inputValue()).length).toBe(20_039)
    expect(await page.getByRole('article').count()).toBe(0)
    await page.reload()
    await expect.poll(async () => (await field.inputValue()).length).toBe(20_039)
    await field.fill('short')
    await field.press('Enter')
    await seat.message('short').waitFor()
  })
})

describe('a draft', { tags: ['browser'], timeout: 120_000 }, () => {
  it('S2: is one in two tabs, and neither writes over the other’s words', async () => {
    const seat = await sitAndWrite('tabs')
    const path = new URL(seat.page.url()).pathname
    const second = await seat.anotherTab(path)
    const field = second.getByRole('combobox', { name: 'Message' })
    await field.waitFor()
    await seat.field.pressSequentially('From the first')
    await expect.poll(() => field.inputValue()).toBe('From the first')
    await field.pressSequentially(', and the second')
    await expectText(seat, 'From the first, and the second')
    await seat.field.fill('')
    await expect.poll(() => field.inputValue()).toBe('')

    await Promise.all([seat.field.pressSequentially('alphabet'), field.pressSequentially('OMEGAS')])
    await expect.poll(async () => (await field.inputValue()) === (await seat.field.inputValue())).toBe(true)
    const text = await field.inputValue()
    expect([...text].filter(letter => /[a-z]/u.test(letter)).toSorted()).toEqual([...'alphabet'].toSorted())
    expect([...text].filter(letter => /[A-Z]/u.test(letter)).toSorted()).toEqual([...'OMEGAS'].toSorted())
    await second.reload()
    await expect.poll(() => field.inputValue()).toBe(text)
    await field.press('Enter')
    await seat.page.getByRole('article').waitFor()
    await expectText(seat, '')
  })
})
