/** One line of a chart. `ys` may hold NaN, which shows as a gap. */
export type Line = { id: string; label: string; color: string; xs: number[]; ys: number[] }

/** What the chart draws: one rising list of x, and for each line a value, a gap (null) or nothing (undefined) there. */
export type Aligned = { xs: number[]; columns: (number | null | undefined)[][] }

/**
 * Puts lines that were measured at different places on one axis. Where a line has no point at an x it is left out
 * (undefined), so that it is drawn through; NaN becomes null, so that it breaks. Of several points at one x of a line
 * the last one counts.
 */
export function align(lines: Pick<Line, 'xs' | 'ys'>[]): Aligned {
  const xs = [...new Set(lines.flatMap((line) => line.xs))].sort((a, b) => a - b)
  const at = new Map(xs.map((x, index) => [x, index]))
  const columns = lines.map((line) => {
    const column = new Array<number | null | undefined>(xs.length).fill(undefined)
    for (const [index, x] of line.xs.entries()) {
      const y = line.ys[index]!
      column[at.get(x)!] = Number.isFinite(y) ? y : null
    }
    return column
  })
  return { xs, columns }
}

/**
 * Exponential moving average with `weight` in [0, 1), corrected for its start as Adam's moments are
 * (Kingma and Ba, 2015, section 3), so that the first values are not drawn towards zero. NaN stays where it is.
 */
export function smooth(ys: number[], weight: number): number[] {
  if (weight <= 0) return ys
  let average = 0
  let count = 0
  return ys.map((y) => {
    if (!Number.isFinite(y)) return y
    average = average * weight + (1 - weight) * y
    count += 1
    return average / (1 - weight ** count)
  })
}

/** What a logarithmic axis cannot show is left out. */
export function positive(line: Line, logX: boolean, logY: boolean): Line {
  if (!logX && !logY) return line
  const keep = line.xs.map((x) => !logX || x > 0)
  return {
    ...line,
    xs: line.xs.filter((_, index) => keep[index]),
    ys: line.ys.filter((_, index) => keep[index]).map((y) => (logY && y <= 0 ? NaN : y)),
  }
}
