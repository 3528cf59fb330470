import { useLingui } from '@lingui/react/macro'
import {
  Clock,
  Coffee,
  Flag,
  Hand,
  Lightbulb,
  type LucideIcon,
  PawPrint,
  Plane,
  Shapes,
  Smile,
  Volleyball,
} from 'lucide-react'
import type { SectionId } from './picker-rows.ts'

/** emojibase's groups; 2 holds parts of emoji, which are not shown. */
export const sectionIds = ['recent', 0, 1, 3, 4, 5, 6, 7, 8, 9] as const satisfies readonly SectionId[]

export const sectionIcons: Record<(typeof sectionIds)[number], LucideIcon> = {
  recent: Clock,
  0: Smile,
  1: Hand,
  3: PawPrint,
  4: Coffee,
  5: Plane,
  6: Volleyball,
  7: Lightbulb,
  8: Shapes,
  9: Flag,
}

export function useSectionWords(): Record<(typeof sectionIds)[number], string> {
  const { t } = useLingui()
  return {
    recent: t`Used lately`,
    0: t`Smileys and emotions`,
    1: t`People and gestures`,
    3: t`Animals and nature`,
    4: t`Food and drink`,
    5: t`Travel and places`,
    6: t`Activities`,
    7: t`Objects`,
    8: t`Symbols`,
    9: t`Flags`,
  }
}
