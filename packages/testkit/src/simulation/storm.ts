/** The bad time of a run: what goes wrong, when and how badly, from the seed. Afterwards everything is repaired. */
import type { Dice } from './dice.ts'
import { calm, type Weather } from './weather.ts'
import type { World } from './world.ts'

type Disaster = readonly [number, (world: World, dice: Dice) => void]

const disasters: readonly Disaster[] = [
  [10, (world, dice) => world.network.cut(deviceOf(world, dice))],
  [4, (world, dice) => world.network.blackhole(deviceOf(world, dice))],
  [6, (world, dice) => world.network.stall(deviceOf(world, dice), dice.between(200, 8_000))],
  [4, (world, dice) => world.takeOffline(deviceOf(world, dice), dice.between(500, 15_000))],
  [5, (world, dice) => world.restartDevice(deviceOf(world, dice), dice.between(50, 5_000))],
  [3, (world, dice) => world.crashNode(dice.integer(world.nodeCount), dice.between(100, 6_000))],
  [2, (world, dice) => world.clearStorage(deviceOf(world, dice))],
  [8, (world, dice) => changeWeather(world.weather, dice)],
]

export async function storm(world: World, dice: Dice, lastsMs: number): Promise<void> {
  const temper = dice.between(400, 4_000)
  for (let passed = 0; passed < lastsMs; ) {
    const pauseMs = dice.between(50, temper)
    passed += pauseMs
    await world.scheduler.advance(pauseMs)
    const disaster = dice.weighted(disasters)
    disaster(world, dice)
  }
}

function deviceOf(world: World, dice: Dice): string {
  return dice.pick(world.people)?.device.name ?? ''
}

function changeWeather(weather: Weather, dice: Dice): void {
  const isBad = dice.chance(0.6)
  weather.databaseBreaks = isBad && dice.chance(0.5) ? dice.between(0, 0.15) : 0
  weather.databaseMs = isBad ? dice.between(1, 200) : calm.databaseMs
  weather.hintLoss = isBad ? (dice.pick([0, 0.3, 1]) ?? 0) : 0
  weather.hintMs = isBad ? dice.between(1, 800) : calm.hintMs
  weather.networkMs = isBad ? dice.between(5, 1_500) : calm.networkMs
  weather.requestLoss = isBad ? dice.between(0, 0.4) : 0
  weather.requestsTwice = isBad ? 0.2 : 0
  weather.tabMs = isBad ? dice.between(1, 2_000) : calm.tabMs
}
