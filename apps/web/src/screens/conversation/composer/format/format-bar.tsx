import { useLingui } from '@lingui/react/macro'
import { Bold, Code, Italic, Link2, List, type LucideIcon, Strikethrough, TextQuote } from 'lucide-react'
import { classNames } from '../../../../components/class-names.ts'
import { floatClass } from '../../../../components/float-class.ts'
import { IconButton } from '../../../../components/icon-button.tsx'
import { Toolbar } from '../../../../components/toolbar.tsx'
import { useComboWords } from '../../../../keys/combo-words.ts'
import { combosOf } from '../../../../keys/key-table.ts'
import { useKeyWords } from '../../../../keys/key-words.ts'
import { type Format, formats } from './format-text.ts'

const icons: Record<Format, LucideIcon> = {
  bold: Bold,
  italic: Italic,
  strike: Strikethrough,
  code: Code,
  quote: TextQuote,
  list: List,
  link: Link2,
}

/** Writes marks around what is selected. A press leaves the focus and the selection in the field. */
export function FormatBar({ onFormat }: { readonly onFormat: (format: Format) => void }) {
  const { t } = useLingui()
  const words = useKeyWords()
  const comboWords = useComboWords()
  return (
    <Toolbar
      label={t`Formatting`}
      className={classNames(floatClass, 'animate-arrive absolute end-0 bottom-full mb-2 flex max-w-full')}
    >
      {formats.map(format => (
        <IconButton
          key={format}
          icon={icons[format]}
          label={words[format]}
          title={`${words[format]} (${comboWords(combosOf(format)[0] ?? '').join('+')})`}
          onMouseDown={event => event.preventDefault()}
          onClick={() => onFormat(format)}
        />
      ))}
    </Toolbar>
  )
}
