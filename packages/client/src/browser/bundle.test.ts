import { expect, test } from 'vitest'
import { bundle } from '../../testing/chromium.ts'

test('a browser bundle of the SDK holds no schema library and stays small', async () => {
  const scripts = await bundle(new URL('./index.ts', import.meta.url))
  const code = scripts.get('bundle.js') ?? ''
  expect(code).toContain('createBrowserClient')
  for (const script of scripts.values()) expect(script).not.toMatch(/typebox|additionalProperties|new Function/i)
  expect(code.length).toBeLessThan(270_000)
  // Nothing of mail is loaded before somebody has any.
  expect(code).not.toContain('mailbox.list')
})
