/** What `npm run bench:web` measures of opening, typing and tapping, on whatever machine this is: five times the bounds. */
import { expect, it } from 'vitest'
import { type Figure, holds } from '../bench/figures.ts'
import { openHouse } from '../bench/house.ts'
import { measureOpening, measureTaps, measureTyping } from '../bench/using.ts'

const tolerance = 5

function isKept(figure: Figure): boolean {
  return holds(figure.bound === undefined ? figure : { ...figure, bound: figure.bound * tolerance })
}

it('a long conversation opens, and keys and taps are answered, within their bounds', {
  tags: ['browser'],
  timeout: 120_000,
}, async () => {
  await using house = await openHouse(1_000)
  const figures = [
    ...(await measureOpening(house, 2)),
    ...(await measureTyping(house, 10)),
    ...(await measureTaps(house, 4)),
  ]
  expect(figures.filter(({ bound }) => bound !== undefined).length).toBeGreaterThan(5)
  expect(figures.filter(figure => !isKept(figure))).toEqual([])
})
