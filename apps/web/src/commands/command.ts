import type { LucideIcon } from 'lucide-react'
import type { KeyId } from '../keys/key-table.ts'

/** Something that can be done by its name, from the palette. */
export interface Command {
  /** Stays the same over languages and versions: what was done lately is remembered by it. */
  readonly id: string
  readonly icon: LucideIcon
  readonly label: string
  /** Other words by which people look for it. */
  readonly also?: string
  readonly key?: KeyId
  readonly run: () => void
}
