/** Two soft notes, a fourth apart: made here, so nothing is loaded. Quiet enough for a library. */
const notes = [
  { frequency: 587.33, at: 0 },
  { frequency: 783.99, at: 0.09 },
] as const
const loudest = 0.05
const fadeSeconds = 0.28

export interface Tone {
  play(): void
  close(): void
}

export function createTone(): Tone {
  let context: AudioContext | null = null
  return {
    play() {
      // Browsers let a page sound only after somebody touched it. What it was asked for before would sound then, too late.
      if (!navigator.userActivation.hasBeenActive) return
      context ??= new AudioContext()
      const { currentTime, destination } = context
      void context.resume().catch(() => undefined)
      for (const { frequency, at } of notes) {
        const oscillator = new OscillatorNode(context, { type: 'sine', frequency })
        const gain = new GainNode(context, { gain: 0 })
        const start = currentTime + at
        gain.gain.setValueAtTime(0, start)
        gain.gain.linearRampToValueAtTime(loudest, start + 0.015)
        gain.gain.exponentialRampToValueAtTime(0.0001, start + fadeSeconds)
        oscillator.connect(gain).connect(destination)
        oscillator.start(start)
        oscillator.stop(start + fadeSeconds)
      }
    },
    close() {
      void context?.close()
      context = null
    },
  }
}
