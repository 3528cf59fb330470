import { useLingui } from '@lingui/react/macro'
import { Paperclip } from 'lucide-react'
import { useRef } from 'react'
import { IconButton } from './icon-button.tsx'

/** Lets somebody choose files; the same one once more is a choice too. */
export function FileButton({ onChoose }: { readonly onChoose: (files: Iterable<File>) => void }) {
  const { t } = useLingui()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton icon={Paperclip} label={t`Attach files`} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          onChoose(target.files ?? [])
          target.value = ''
        }}
      />
    </>
  )
}
