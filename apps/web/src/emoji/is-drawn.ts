/**
 * Whether this system's font draws the emoji of a version of Unicode: what it lacks it shows as a box. A canvas tells: an
 * emoji has colours, a box has the colour of the text.
 */

/** One emoji that came with each version that is not on every system. */
const samples: Record<number, string> = { 15: '🫨', 15.1: '🐦‍🔥', 16: '🫩', 17: '🫪' }
const size = 24

export function createIsDrawn(): (version: number) => boolean {
  const known = new Map<number, boolean>()
  return version => {
    const sample = samples[version]
    if (sample === undefined) return version < 15
    const drawn = known.get(version) ?? draws(sample)
    known.set(version, drawn)
    return drawn
  }
}

function draws(emoji: string): boolean {
  const canvas = document.createElement('canvas')
  canvas.width = size * 3
  canvas.height = size * 2
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return false
  context.font = `${size}px sans-serif`
  context.textBaseline = 'top'
  // A sequence that the font does not know falls apart into the emoji it is made of.
  if (context.measureText(emoji).width > size * 1.9) return false
  context.fillText(emoji, 0, 0)
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  for (let at = 0; at < data.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3)
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) return true
  }
  return false
}
