const side = 64
const most = 99

/** Puts a count on the window's icon: the seal with a number in its corner; the seal alone for none. */
export async function drawFavicon(count: number): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  if (!link) return
  link.dataset['plain'] ??= link.href
  const plain = link.dataset['plain']
  link.dataset['count'] = String(count)
  if (count === 0) {
    link.href = plain
    return
  }
  const seal = new Image(side, side)
  seal.src = plain
  await seal.decode()
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const context = canvas.getContext('2d')
  // A later count may have overtaken this one while the seal was loading.
  if (!context || link.dataset['count'] !== String(count)) return
  context.drawImage(seal, 0, 0, side, side)
  drawCount(context, count > most ? `${most}+` : String(count))
  link.href = canvas.toDataURL('image/png')
}

function drawCount(context: CanvasRenderingContext2D, text: string): void {
  context.font = `700 ${text.length > 2 ? 26 : 34}px system-ui, sans-serif`
  const width = Math.max(40, context.measureText(text).width + 16)
  context.fillStyle = '#1b1815'
  context.beginPath()
  context.roundRect(side - width, side - 40, width, 40, 20)
  context.fill()
  context.fillStyle = '#fff'
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(text, side - width / 2, side - 19)
}
