import type { Axis, Cell } from './axis'

/** One run as a line over the axes. */
export type Strand = { id: string; label: string; places: (number | undefined)[]; color: string }
/** Per axis, the stretch of it that was brushed. */
export type Brushes = Readonly<Record<string, readonly [low: number, high: number]>>

/** A brush shorter than this was a click, which takes the brush away. */
const SHORTEST = 0.02

export function makeStrand(
  axes: Axis[],
  run: { id: string; label: string; color: string },
  valueOf: (axis: Axis) => Cell,
): Strand {
  return { ...run, places: axes.map((axis) => axis.place(valueOf(axis))) }
}

/** Whether a line runs through every brushed stretch. */
export function passes(strand: Strand, axes: Axis[], brushes: Brushes): boolean {
  return axes.every((axis, index) => {
    const brush = brushes[axis.id]
    if (!brush) return true
    const place = strand.places[index]
    return place !== undefined && place >= brush[0] && place <= brush[1]
  })
}

/** The brushes after a drag on an axis from one place to another. */
export function brushed(brushes: Brushes, axis: string, from: number, to: number): Brushes {
  const clamp = (value: number) => Math.min(1, Math.max(0, value))
  const [low, high] = [clamp(Math.min(from, to)), clamp(Math.max(from, to))]
  const { [axis]: _, ...others } = brushes
  return high - low < SHORTEST ? others : { ...others, [axis]: [low, high] }
}

/** How far a point is from a line through places of axes that are `gap` apart; infinite where the line has none. */
export function distance(places: (number | undefined)[], x: number, y: number, gap: number, height: number): number {
  const left = Math.min(Math.max(0, Math.floor(x / gap)), places.length - 2)
  const [a, b] = [places[left], places[left + 1]]
  if (a === undefined || b === undefined) return Infinity
  const part = x / gap - left
  const [from, to] = [(1 - a) * height, (1 - b) * height]
  // The distance across, of a slanting line, is less than the one straight up.
  return Math.abs(y - (from + (to - from) * part)) * Math.cos(Math.atan2(to - from, gap))
}

const KEY_STEP = 0.05

/**
 * The brushes after a key on an axis: up and down move the lower end of the stretch, with Shift the upper end; Escape
 * takes it away. Undefined for other keys.
 */
export function brushedByKey(brushes: Brushes, axis: string, key: string, shift: boolean): Brushes | undefined {
  if (key === 'Escape') return brushed(brushes, axis, 0, 0)
  const step = { ArrowUp: KEY_STEP, ArrowDown: -KEY_STEP }[key]
  if (step === undefined) return undefined
  const [low, high] = brushes[axis] ?? [0, 1]
  const ends: [number, number] = shift
    ? [low, Math.max(low + KEY_STEP, high + step)]
    : [Math.min(low + step, high - KEY_STEP), high]
  return brushed(brushes, axis, ...ends)
}
