/**
 * Draws the app's icons from the seal into `public`, in the sizes that systems ask for. Run when the seal changes; the
 * pictures are committed, so that building the app needs no browser.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const web = join(import.meta.dirname, '..')
const seal = readFileSync(join(web, 'src/styles/seal.svg'), 'utf8')
const paper = '#f7f4ee'

/** `seal` is how much of the width it takes: a mask may cut away all but the middle four fifths. */
const icons = [
  { name: 'icon-192', size: 192, seal: 1, ground: 'transparent' },
  { name: 'icon-512', size: 512, seal: 1, ground: 'transparent' },
  { name: 'icon-maskable-192', size: 192, seal: 0.7, ground: paper },
  { name: 'icon-maskable-512', size: 512, seal: 0.7, ground: paper },
  { name: 'apple-touch-icon', size: 180, seal: 0.78, ground: paper },
]

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const page = await browser.newPage()
for (const icon of icons) {
  await page.setViewportSize({ width: icon.size, height: icon.size })
  await page.setContent(
    `<style>body{margin:0;height:100vh;background:${icon.ground};display:grid;place-items:center}
    svg{width:${icon.seal * 100}vmin;display:block}</style>${seal}`,
  )
  await page.screenshot({ path: join(web, 'public', `${icon.name}.png`), omitBackground: true })
}
await browser.close()
