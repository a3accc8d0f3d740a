import type { Int, Num, Pair } from './wire'

/** MLflow's API writes the infinities as the greatest double. */
const MAX = Number.MAX_VALUE

export function toNumber(value: Num): number {
  const number = Number(value)
  if (number >= MAX) return Infinity
  if (number <= -MAX) return -Infinity
  return number
}

export const toTime = (value: Int | undefined): number | undefined => {
  const time = Number(value ?? 0)
  return time > 0 ? time : undefined
}

export const toRecord = (pairs: Pair[] | undefined): Record<string, string> =>
  Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, value]))
