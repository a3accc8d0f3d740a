import { formatNumber } from '../parts/format/number'

export type Cell = string | number | undefined

/** A scale from values to [0, 1]: numbers, numbers over decades, or words evenly spaced. */
export type Axis = {
  id: string
  label: string
  kind: 'linear' | 'log' | 'words'
  ticks: { at: number; text: string }[]
  /** The least and the greatest value. */
  ends: [low: string, high: string]
  /** Where a value lies; undefined where there is none. */
  place: (value: Cell) => number | undefined
}

/** Positive values that span this much, most of them crowded at the low end, are spread by a logarithm. */
const LOG_FROM = 100
const CROWDED_BELOW = 0.15
const FEW = 8
const WORDS_MAX = 30

const toNumber = (value: Cell) => (typeof value === 'number' ? value : value?.trim() ? Number(value) : NaN)

/** Round steps of 1, 2 or 5 times a power of ten, about `count` of them. */
export function niceTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low]
  const rough = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  const ticks: number[] = []
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++)
    ticks.push(Number((at * step).toPrecision(12)))
  return ticks
}

function decades(low: number, high: number): number[] {
  const ticks: number[] = []
  for (let power = Math.ceil(Math.log10(low) - 1e-9); 10 ** power <= high * (1 + 1e-9); power++) ticks.push(10 ** power)
  return ticks
}

function numberAxis(id: string, label: string, numbers: number[]): Axis {
  const [low, high] = numbers.reduce(([a, b], n) => [Math.min(a, n), Math.max(b, n)], [Infinity, -Infinity])
  const few = [...new Set(numbers)].sort((a, b) => a - b)
  const middle = few[Math.floor((few.length - 1) / 2)]!
  const log = low > 0 && high / low >= LOG_FROM && (middle - low) / (high - low) < CROWDED_BELOW
  const scale = log ? Math.log10 : (value: number) => value
  const span = scale(high) - scale(low)
  const placeNumber = (value: number) => (span ? (scale(value) - scale(low)) / span : 0.5)
  const ticks = few.length <= FEW ? few : log ? decades(low, high) : niceTicks(low, high, 6)
  return {
    id,
    label,
    kind: log ? 'log' : 'linear',
    ends: [formatNumber(low, 4), formatNumber(high, 4)],
    ticks: ticks.map((value) => ({ at: placeNumber(value), text: formatNumber(value, 4) })),
    place: (value) => {
      const number = toNumber(value)
      return Number.isFinite(number) ? placeNumber(number) : undefined
    },
  }
}

function wordAxis(id: string, label: string, words: string[]): Axis {
  const spots = new Map(words.map((word, index) => [word, words.length > 1 ? index / (words.length - 1) : 0.5]))
  const every = Math.ceil(words.length / WORDS_MAX)
  return {
    id,
    label,
    kind: 'words',
    ends: [words[0] ?? '', words.at(-1) ?? ''],
    ticks: words.filter((_, index) => index % every === 0).map((word) => ({ at: spots.get(word)!, text: word })),
    place: (value) => (value === undefined ? undefined : spots.get(String(value))),
  }
}

/** The axis that fits the values: numbers if all of them are (NaN and infinities have no place), else words. */
export function makeAxis(id: string, label: string, values: Cell[]): Axis {
  const present = values.filter((value) => value !== undefined)
  const isNumber = (value: Cell) => typeof value === 'number' || !Number.isNaN(toNumber(value)) || value === 'nan'
  if (present.length && present.every(isNumber)) {
    const finite = present.map(toNumber).filter(Number.isFinite)
    if (finite.length) return numberAxis(id, label, finite)
  }
  const words = [...new Set(present.map(String))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return wordAxis(id, label, words)
}

const STOPS = [
  [98, 84, 196],
  [31, 146, 160],
  [224, 160, 48],
] as const

/** A colour between violet (0), teal and amber (1), told apart in both themes and by most eyes. */
export function scaleColor(at: number): string {
  const spot = Math.min(1, Math.max(0, at)) * (STOPS.length - 1)
  const low = STOPS[Math.min(STOPS.length - 2, Math.floor(spot))]!
  const high = STOPS[Math.min(STOPS.length - 1, Math.floor(spot) + 1)]!
  const part = spot - Math.min(STOPS.length - 2, Math.floor(spot))
  const mix = low.map((from, index) => Math.round(from + (high[index]! - from) * part))
  return `rgb(${mix.join(' ')})`
}
