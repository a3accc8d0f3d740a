import type { Double, Schema } from './schema'

/** MLflow's API writes the infinities as the greatest double. */
const MAX = Number.MAX_VALUE

export function toNumber(value: Double): number {
  const number = Number(value)
  if (number >= MAX) return Infinity
  if (number <= -MAX) return -Infinity
  return number
}

/** Milliseconds since the epoch; zero says that it is not known. */
export const toTime = (value: number | undefined): number | undefined => (value ? value : undefined)

export const toRecord = (pairs: Schema<'KeyValue'>[] | undefined): Record<string, string> =>
  Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, value]))

/** Text as a literal of the filter grammar, which knows no escapes. */
export const quoted = (text: string) => (text.includes("'") ? `"${text}"` : `'${text}'`)
