import { describe, expect, it } from 'vitest'
import { type AlertChoices, type Arrival, decideAlert } from './decide-alert.ts'

const elsewhere: Arrival = { own: false, muted: false, live: true, open: false, visible: true, focused: true }
const both: AlertChoices = { toasts: 'on', sounds: 'on' }

describe('decideAlert', () => {
  it('calls when another chat is open', () => {
    expect(decideAlert(elsewhere, both)).toEqual({ toast: true, sound: true })
  })

  it('only sounds when the window is not seen, or shows that chat without the focus', () => {
    expect(decideAlert({ ...elsewhere, visible: false, focused: false }, both)).toEqual({ toast: false, sound: true })
    expect(decideAlert({ ...elsewhere, open: true, focused: false }, both)).toEqual({ toast: false, sound: true })
  })

  it.each([['own'], ['muted']] as const)('is silent for what is %s', name => {
    expect(decideAlert({ ...elsewhere, [name]: true }, both)).toEqual({ toast: false, sound: false })
  })

  it('is silent for whoever reads along, and while catching up', () => {
    expect(decideAlert({ ...elsewhere, open: true }, both)).toEqual({ toast: false, sound: false })
    expect(decideAlert({ ...elsewhere, live: false }, both)).toEqual({ toast: false, sound: false })
  })

  it('does what the person chose', () => {
    expect(decideAlert(elsewhere, { toasts: 'off', sounds: 'on' })).toEqual({ toast: false, sound: true })
    expect(decideAlert(elsewhere, { toasts: 'on', sounds: 'off' })).toEqual({ toast: true, sound: false })
  })
})
