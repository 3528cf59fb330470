/** One month of days to choose from: with the pointer, or by the keys of a date grid (WAI-ARIA Authoring Practices). */
import { useLingui } from '@lingui/react/macro'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { classNames } from '../../components/class-names.ts'
import { IconButton } from '../../components/icon-button.tsx'
import type { KeyId } from '../../keys/key-table.ts'
import { isKey } from '../../keys/match-key.ts'
import { useDayNames } from './day-names.ts'
import { addDays, addMonths, firstWeekdayOf, weekdayOf, weeksOf } from './days.ts'

interface CalendarProps {
  /** Where it opens. */
  readonly day: string
  /** The first and the last that can be chosen. */
  readonly from: string
  readonly to: string
  readonly onChoose: (day: string) => void
}

export function Calendar({ day, from, to, onChoose }: CalendarProps) {
  const { t } = useLingui()
  const names = useDayNames()
  const clamp = (wanted: string) => (wanted < from ? from : wanted > to ? to : wanted)
  const [current, setCurrent] = useState(() => clamp(day))
  const grid = useRef<HTMLTableElement>(null)
  const moved = useRef(true)
  const firstWeekday = firstWeekdayOf(names.locale)
  const weeks = weeksOf(current, firstWeekday)

  const go = (wanted: string) => {
    moved.current = true
    setCurrent(clamp(wanted))
  }
  useEffect(() => {
    if (moved.current) grid.current?.querySelector<HTMLElement>(`[data-day="${current}"]`)?.focus()
    moved.current = false
  }, [current])
  const turn = (months: number) => setCurrent(clamp(addMonths(current, months)))
  const onKeyDown = (event: KeyboardEvent) => {
    const target = targetOf(event, current, firstWeekday)
    if (target === null) return
    event.preventDefault()
    go(target)
  }
  return (
    <div className="flex min-h-96 flex-col gap-2 px-4 pt-2">
      <div className="flex items-center gap-1">
        <h3 aria-live="polite" className="flex-1 font-semibold first-letter:uppercase">
          {names.month(current)}
        </h3>
        <IconButton
          icon={ChevronLeft}
          label={t`Month before`}
          disabled={from.slice(0, 7) >= current.slice(0, 7)}
          className="rtl:rotate-180"
          onClick={() => turn(-1)}
        />
        <IconButton
          icon={ChevronRight}
          label={t`Month after`}
          disabled={to.slice(0, 7) <= current.slice(0, 7)}
          className="rtl:rotate-180"
          onClick={() => turn(1)}
        />
      </div>
      <table
        ref={grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table is the grid's own element.
        role="grid"
        aria-label={names.month(current)}
        className="w-full table-fixed"
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            {weeks[0]?.map(each => (
              <th
                key={each}
                scope="col"
                abbr={names.weekday(each, 'long')}
                className="pb-1 font-normal text-fine text-ink-muted"
              >
                {names.weekday(each, 'narrow')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map(week => (
            <tr key={week[0]}>
              {week.map(each => (
                <td key={each} className="p-0 text-center">
                  {each.slice(0, 7) === current.slice(0, 7) ? (
                    <button
                      type="button"
                      data-day={each}
                      tabIndex={each === current ? 0 : -1}
                      aria-label={names.whole(each)}
                      aria-current={each === to ? 'date' : undefined}
                      disabled={each < from || each > to}
                      onClick={() => onChoose(each)}
                      className={classNames(
                        'tabular inline-flex size-11 items-center justify-center rounded-full hover:bg-hover disabled:text-ink-muted disabled:opacity-45 disabled:hover:bg-transparent',
                        each === day && 'bg-hover font-semibold',
                        each === to && 'font-semibold text-wax-ink',
                      )}
                    >
                      {names.number(each)}
                    </button>
                  ) : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const moves: readonly (readonly [KeyId, (day: string, inWeek: number) => string])[] = [
  ['dayBefore', day => addDays(day, -1)],
  ['dayAfter', day => addDays(day, 1)],
  ['weekBefore', day => addDays(day, -7)],
  ['weekAfter', day => addDays(day, 7)],
  ['weekStart', (day, inWeek) => addDays(day, -inWeek)],
  ['weekEnd', (day, inWeek) => addDays(day, 6 - inWeek)],
  ['monthBefore', day => addMonths(day, -1)],
  ['monthAfter', day => addMonths(day, 1)],
  ['yearBefore', day => addMonths(day, -12)],
  ['yearAfter', day => addMonths(day, 12)],
]

function targetOf({ nativeEvent }: KeyboardEvent, current: string, firstWeekday: number): string | null {
  const move = moves.find(([key]) => isKey(nativeEvent, key))?.[1]
  return move?.(current, (weekdayOf(current) - firstWeekday + 7) % 7) ?? null
}
