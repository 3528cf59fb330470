import { useLingui } from '@lingui/react/macro'
import { useSnapshot } from '../../state/use-snapshot.ts'

/** Why nothing is kept on this device, and what to do; null while it is. */
export function useStorageWords(): string | null {
  const { t } = useLingui()
  const storage = useSnapshot(snapshot => snapshot.storage)
  switch (storage) {
    case 'memory':
      return t`This browser does not let Recado store anything. Messages that wait to be sent are lost if you close it.`
    case 'full':
      return t`There is no room left on this device. Messages that wait to be sent are lost if you close Recado. Make some room, then load it again.`
    case 'opening':
    case 'durable':
      return null
    default:
      return storage satisfies never
  }
}
