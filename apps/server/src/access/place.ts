import { refuse } from '../problem.ts'

/** Where the next page of a list starts, as clients hand it back: two numbers, opaque to them. */
export function formatPlace(first: number, second: number): string {
  return `${first}.${second}`
}

/** The same for a list that goes on after one number. */
export function formatNumber(last: number | undefined): string | null {
  return last === undefined ? null : String(last)
}

/** 0 for the first page. Raises `invalid-input` for what was never given out. */
export function parseNumber(next: string | undefined): number {
  const number = Number(next ?? 0)
  return Number.isSafeInteger(number) ? number : refuse('invalid-input', 'next is not from an earlier page.')
}

/** Null for the first page. Raises `invalid-input` for what was never given out. */
export function parsePlace(next: string | undefined): readonly [number, number] | null {
  if (next === undefined) return null
  const match = /^(\d{1,16})\.(\d{1,16})$/.exec(next)
  const place = [Number(match?.[1]), Number(match?.[2])] as const
  return place.every(Number.isSafeInteger) ? place : refuse('invalid-input', 'next is not from an earlier page.')
}
