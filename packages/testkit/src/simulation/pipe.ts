/** One direction of a TCP stream: whatever is put in comes out in order, later, held up, or not any more. */
import type { Dice } from './dice.ts'
import type { Scheduler } from './scheduler.ts'
import type { Weather } from './weather.ts'

export class Pipe<Item> {
  readonly #scheduler: Scheduler
  readonly #dice: Dice
  readonly #weather: Weather
  readonly #deliver: (item: Item) => void
  #lastArrival = 0
  readonly #held: Item[] = []
  #state: 'flowing' | 'held' | 'broken' = 'flowing'

  constructor(
    { scheduler, dice, weather }: { scheduler: Scheduler; dice: Dice; weather: Weather },
    deliver: (item: Item) => void,
  ) {
    this.#scheduler = scheduler
    this.#dice = dice
    this.#weather = weather
    this.#deliver = deliver
  }

  send(item: Item): void {
    if (this.#state === 'broken') return
    const { elapsedMs } = this.#scheduler
    const arrival = Math.max(this.#lastArrival, elapsedMs + this.#dice.between(0.1, this.#weather.networkMs))
    this.#lastArrival = arrival
    this.#scheduler.after(arrival - elapsedMs, () => this.#arrive(item))
  }

  /** What arrives waits at the far end. */
  hold(): void {
    if (this.#state === 'flowing') this.#state = 'held'
  }

  release(): void {
    if (this.#state !== 'held') return
    this.#state = 'flowing'
    for (const item of this.#held.splice(0)) {
      if ((this.#state as string) === 'held') this.#held.push(item)
      else this.#deliver(item)
    }
  }

  /** Nothing more comes out. */
  break(): void {
    this.#state = 'broken'
    this.#held.length = 0
  }

  #arrive(item: Item): void {
    if (this.#state === 'flowing') this.#deliver(item)
    else if (this.#state === 'held') this.#held.push(item)
  }
}
