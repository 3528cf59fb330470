/** A bus whose hints come late, or never, but of one publisher on one subject in order. */
import type { Bus, BusSubject } from '@recado/server/bus/bus.ts'
import type { Logger } from '@recado/server/logger.ts'
import type { Dice } from './dice.ts'
import type { Life } from './life.ts'
import type { Scheduler } from './scheduler.ts'
import type { Weather } from './weather.ts'

interface Subscription {
  readonly subject: BusSubject
  readonly life: Life
  readonly logger: Logger
  handle(payload: unknown): void
  /** When the last payload of each publisher arrives. */
  readonly lastArrival: Map<Life, number>
}

export class BusNetwork {
  readonly #scheduler: Scheduler
  readonly #dice: Dice
  readonly #weather: Weather
  readonly #subscriptions = new Set<Subscription>()

  constructor(scheduler: Scheduler, dice: Dice, weather: Weather) {
    this.#scheduler = scheduler
    this.#dice = dice
    this.#weather = weather
  }

  /** One process's end. */
  open(life: Life, logger: Logger): Bus {
    return {
      publish: (subject, payload) => {
        if (life.alive) this.#publish(life, subject, JSON.stringify(payload))
      },
      subscribe: async (subject, handle) => {
        const subscription: Subscription = { subject, life, logger, handle, lastArrival: new Map() }
        this.#subscriptions.add(subscription)
        return () => this.#subscriptions.delete(subscription)
      },
      [Symbol.asyncDispose]: async () => undefined,
    }
  }

  #publish(publisher: Life, subject: BusSubject, text: string): void {
    for (const subscription of this.#subscriptions) {
      if (subscription.subject !== subject || this.#dice.chance(this.#weather.hintLoss)) continue
      const { elapsedMs } = this.#scheduler
      const arrival = Math.max(
        subscription.lastArrival.get(publisher) ?? 0,
        elapsedMs + this.#dice.between(0.05, this.#weather.hintMs),
      )
      subscription.lastArrival.set(publisher, arrival)
      this.#scheduler.after(arrival - elapsedMs, () => this.#deliver(subscription, text))
    }
  }

  #deliver(subscription: Subscription, text: string): void {
    if (!subscription.life.alive || !this.#subscriptions.has(subscription)) return
    try {
      subscription.handle(JSON.parse(text))
    } catch (error) {
      subscription.logger.error({ err: error }, 'a bus handler failed')
    }
  }
}
