import { FileButton } from '../../../components/file-button.tsx'
import type { ComposerModel } from '../composer/composer-model.ts'
import { useAddFiles } from './use-files.ts'

export function AttachButton({ model }: { readonly model: ComposerModel }) {
  return <FileButton onChoose={useAddFiles(model)} />
}
