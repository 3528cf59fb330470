/**
 * Several tabs of one device hear of the same message; one of them sounds. Whoever takes the message's lock has the say,
 * and holds it until all have asked: a tab in which it is being read takes it at once and stays silent.
 */
/** A tab that is busy hears of it later; nobody minds a sound that comes as much later. */
const askAfterMs = 400
const holdMs = 3_000

function wait(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** `play` is called in at most one tab; `silent` keeps the others from it. Without locks (plain http) every tab sounds. */
export async function settleSound(message: string, say: 'silent' | 'play', play: () => void): Promise<void> {
  if (say === 'play') await wait(askAfterMs)
  const { locks } = navigator
  if (!locks) return say === 'play' ? play() : undefined
  await locks.request(`recado.sound.${message}`, { ifAvailable: true }, async lock => {
    if (!lock) return
    if (say === 'play') play()
    await wait(holdMs)
  })
}
