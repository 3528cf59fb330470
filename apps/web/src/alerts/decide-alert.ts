/** Whether a message of somebody calls: by a toast in this window, by a sound of this device. Pure. */
export interface Arrival {
  readonly own: boolean
  readonly muted: boolean
  /** Arrived as it was written, not while catching up. */
  readonly live: boolean
  /** Its conversation is the one open here. */
  readonly open: boolean
  readonly visible: boolean
  readonly focused: boolean
}

export interface AlertChoices {
  readonly toasts: 'on' | 'off'
  readonly sounds: 'on' | 'off'
}

export interface Alert {
  readonly toast: boolean
  readonly sound: boolean
}

const silence: Alert = { toast: false, sound: false }

/** Whoever looks at the conversation needs neither; a toast in a window that nobody sees is none. */
export function decideAlert(arrival: Arrival, { toasts, sounds }: AlertChoices): Alert {
  const { own, muted, live, open, visible, focused } = arrival
  if (own || muted || !live || (open && visible && focused)) return silence
  return { toast: toasts === 'on' && visible && !open, sound: sounds === 'on' }
}
