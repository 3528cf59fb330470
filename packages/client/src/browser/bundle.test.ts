import { expect, test } from 'vitest'
import { bundle } from '../../testing/chromium.ts'

test('a browser bundle of the SDK holds no schema library and stays small', async () => {
  const code = await bundle(new URL('./index.ts', import.meta.url))
  expect(code).toContain('createBrowserClient')
  expect(code).not.toMatch(/typebox|additionalProperties|new Function/i)
  expect(code.length).toBeLessThan(270_000)
})
