import type { AccountId } from '@recado/protocol'
import { Avatar } from '../../components/avatar.tsx'
import { useMe, usePerson } from '../../state/use-snapshot.ts'

interface FaceProps {
  readonly id: AccountId
  readonly size?: 'xs' | 'sm' | 'md'
}

/** Somebody's picture by their own name, also one's own, which is called "You" beside it. */
export function Face({ id, size = 'sm' }: FaceProps) {
  const me = useMe()
  const person = usePerson(id === me.id ? null : id)
  return <Avatar id={id} name={id === me.id ? me.displayName : (person?.displayName ?? '')} size={size} />
}
