/** What the grid of the picker shows: rows of as many emoji as fit, each group under its heading, and how keys move there. */
import type { Emoji } from '../emoji-sheet.ts'

/** `found` is the answer to a search and has no heading; the others are emojibase's groups. */
export type SectionId = 'recent' | 'found' | number

export interface PickerSection {
  readonly id: SectionId
  readonly emojis: readonly Emoji[]
}

export type PickerRow =
  | { readonly kind: 'heading'; readonly section: SectionId }
  /** `first` counts all cells before this row. */
  | { readonly kind: 'emojis'; readonly section: SectionId; readonly emojis: readonly Emoji[]; readonly first: number }

export function layRows(sections: readonly PickerSection[], columns: number): readonly PickerRow[] {
  const rows: PickerRow[] = []
  let first = 0
  for (const { id, emojis } of sections) {
    if (id !== 'found' && emojis.length > 0) rows.push({ kind: 'heading', section: id })
    for (let at = 0; at < emojis.length; at += columns) {
      const line = emojis.slice(at, at + columns)
      rows.push({ kind: 'emojis', section: id, emojis: line, first })
      first += line.length
    }
  }
  return rows
}

export interface CellPlace {
  readonly row: number
  readonly column: number
}

export function findCell(rows: readonly PickerRow[], cell: number): CellPlace | null {
  const row = rows.findIndex(one => one.kind === 'emojis' && cell >= one.first && cell < one.first + one.emojis.length)
  const found = rows[row]
  return found?.kind === 'emojis' ? { row, column: cell - found.first } : null
}

export function emojiAt(rows: readonly PickerRow[], cell: number): Emoji | null {
  const place = findCell(rows, cell)
  const row = place ? rows[place.row] : undefined
  return row?.kind === 'emojis' && place ? (row.emojis[place.column] ?? null) : null
}

export type GridMove = 'before' | 'after' | 'above' | 'below' | 'row-start' | 'row-end' | 'page-up' | 'page-down'

const pageRows = 5

/** The cell that a key leads to; the same one at an edge. From nowhere, any key leads to the first. */
export function moveCell(rows: readonly PickerRow[], cell: number | null, move: GridMove): number {
  const place = cell === null ? null : findCell(rows, cell)
  if (cell === null || !place) return 0
  const row = rows[place.row]
  const length = row?.kind === 'emojis' ? row.emojis.length : 0
  switch (move) {
    case 'before':
      return Math.max(0, cell - 1)
    case 'after':
      return findCell(rows, cell + 1) ? cell + 1 : cell
    case 'row-start':
      return cell - place.column
    case 'row-end':
      return cell - place.column + length - 1
    case 'above':
      return moveRows(rows, place, -1)
    case 'below':
      return moveRows(rows, place, 1)
    case 'page-up':
      return moveRows(rows, place, -pageRows)
    case 'page-down':
      return moveRows(rows, place, pageRows)
    default:
      return move satisfies never
  }
}

/** So many rows of emoji further, in the same column or the last that there is. */
function moveRows(rows: readonly PickerRow[], { row, column }: CellPlace, by: number): number {
  const step = Math.sign(by)
  let left = Math.abs(by)
  let at = row
  for (let next = row + step; left > 0 && rows[next]; next += step) {
    if (rows[next]?.kind !== 'emojis') continue
    at = next
    left -= 1
  }
  const target = rows[at]
  return target?.kind === 'emojis' ? target.first + Math.min(column, target.emojis.length - 1) : 0
}
