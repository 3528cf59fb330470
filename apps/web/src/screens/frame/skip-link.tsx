import { Trans } from '@lingui/react/macro'
import { focusPart } from './keep-focus.ts'

/** The first stop of the Tab key, seen only then: past the rail and the list, to what the screen is about. */
export function SkipLink() {
  return (
    <button
      type="button"
      onClick={() => {
        const main = [...document.querySelectorAll('main')].find(element => element.checkVisibility())
        if (main) focusPart(main)
      }}
      className="sr-only focus:not-sr-only focus:absolute focus:start-2 focus:top-2 focus:z-30 focus:min-h-11 focus:rounded focus:bg-ink focus:px-4 focus:font-semibold focus:text-paper"
    >
      <Trans>Skip to the content</Trans>
    </button>
  )
}
