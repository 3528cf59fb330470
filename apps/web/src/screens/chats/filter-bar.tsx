import { useLingui } from '@lingui/react/macro'
import { FilterChips } from '../../components/filter-chips.tsx'
import type { ChatFilter } from './arrange-chats.ts'

interface FilterBarProps {
  readonly value: ChatFilter
  readonly onChange: (filter: ChatFilter) => void
}

export function FilterBar({ value, onChange }: FilterBarProps) {
  const { t } = useLingui()
  const names: Record<ChatFilter, string> = { all: t`All`, unread: t`Unread`, groups: t`Groups`, mentions: t`Mentions` }
  return <FilterChips names={names} value={value} all="all" onChange={onChange} />
}
