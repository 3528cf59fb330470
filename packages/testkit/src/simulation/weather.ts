/** What goes wrong right now. The storm moves these numbers; healing sets them to calm. */
import type { Fate, Link } from '../model/link.ts'
import type { Dice } from './dice.ts'
import type { Life } from './life.ts'
import type { Scheduler } from './scheduler.ts'

export interface Weather {
  /** Of calls to the database. */
  databaseBreaks: number
  databaseMs: number
  hintLoss: number
  hintMs: number
  networkMs: number
  /** Of HTTP requests; half of them were done nevertheless. */
  requestLoss: number
  requestsTwice: number
  /** From one tab to another of the same browser. */
  tabMs: number
}

export const calm: Weather = {
  databaseBreaks: 0,
  databaseMs: 1,
  hintLoss: 0,
  hintMs: 1,
  networkMs: 5,
  requestLoss: 0,
  requestsTwice: 0,
  tabMs: 1,
}

export function createLink(options: {
  readonly scheduler: Scheduler
  readonly dice: Dice
  readonly weather: Weather
  readonly life: Life
}): Link {
  const { scheduler, dice, weather, life } = options
  return {
    travel: () =>
      new Promise(resolve => {
        if (!life.alive) return
        scheduler.after(dice.between(0.05, weather.databaseMs), () => {
          // What was on its way when the process died arrives or does not.
          if (life.alive || dice.chance(0.5)) resolve()
        })
      }),
    fate(): Fate {
      if (!dice.chance(weather.databaseBreaks)) return 'answered'
      return dice.pick(['lost', 'done-unheard', 'done-later'] as const) ?? 'lost'
    },
  }
}
