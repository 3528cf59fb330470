import { useLingui } from '@lingui/react/macro'
import { Paperclip } from 'lucide-react'
import { useRef } from 'react'
import { IconButton } from '../../../components/icon-button.tsx'
import type { ComposerModel } from '../composer/composer-model.ts'
import { useAddFiles } from './use-files.ts'

export function AttachButton({ model }: { readonly model: ComposerModel }) {
  const { t } = useLingui()
  const input = useRef<HTMLInputElement>(null)
  const add = useAddFiles(model)
  return (
    <>
      <IconButton icon={Paperclip} label={t`Attach files`} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          add(target.files ?? [])
          // The same file once more is a choice too.
          target.value = ''
        }}
      />
    </>
  )
}
