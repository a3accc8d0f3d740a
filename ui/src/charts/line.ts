import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatNumber } from '../parts/format/number'
import { formatClock, formatSeconds } from '../parts/format/time'
import { resolveColor } from './colors'
import { align, positive, smooth, type Line } from './series'

export type XAxis = 'step' | 'time' | 'relative'
/** `smoothing` is the weight of the moving average, 0 for none. */
export type LineOptions = {
  x: XAxis
  logX: boolean
  logY: boolean
  smoothing: number
  height: number
  sync?: string | undefined
}
/**
 * What lies under the pointer: the x, and the value of each line there; `left` is where that is in the chart, and
 * `own` says whether the pointer is over this chart and not over one whose pointer it follows.
 */
export type Hover = { x: number; values: (number | null | undefined)[]; left: number; own: boolean }

/** Small enough that the points of a short curve can be seen as such. */
const POINTS_SHOWN = 60

/** Seconds between the marks of a relative axis: round to who reads a clock. */
const TIME_STEPS = [
  0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
  172800, 604800,
]

function dataOf(lines: Line[], options: LineOptions): uPlot.AlignedData {
  const drawn = lines.map((line) => positive(line, options.logX, options.logY))
  const smoothed = drawn.map((line) => ({ ...line, ys: smooth(line.ys, options.smoothing) }))
  const { xs, columns } = align(options.smoothing ? [...smoothed, ...drawn] : drawn)
  return [xs, ...columns] as uPlot.AlignedData
}

function axes(host: HTMLElement, options: LineOptions): uPlot.Axis[] {
  const look = {
    stroke: resolveColor(host, 'var(--text-faint)'),
    font: `11px ${getComputedStyle(host).fontFamily}`,
    grid: { stroke: resolveColor(host, 'var(--line)'), width: 1 },
    ticks: { show: false },
  }
  // uPlot gives null for marks of a logarithmic axis that are to stay without text.
  const texts =
    (format: (value: number, step: number) => string): uPlot.Axis.DynamicValues =>
    (_, values, __, ___, step) =>
      values.map((value: number | null) => (value === null ? '' : format(value, step)))
  const numbers = texts((value) => formatNumber(value, 4))
  const x = {
    step: { values: numbers },
    relative: { values: texts(formatSeconds), incrs: TIME_STEPS },
    time: { values: texts(formatClock) },
  }[options.x]
  return [
    { ...look, size: 26, gap: 6, ...x },
    {
      ...look,
      size: (_, values) => 14 + 6.5 * Math.max(2, ...(values ?? []).map((value) => value.length)),
      gap: 6,
      values: numbers,
    },
  ]
}

function seriesOf(host: HTMLElement, lines: Line[], options: LineOptions): uPlot.Series[] {
  const one = (line: Line, faint: boolean): uPlot.Series => ({
    label: line.label,
    stroke: resolveColor(host, faint ? `color-mix(in srgb, ${line.color} 25%, transparent)` : line.color),
    width: faint ? 1 : 1.6,
    points: { show: !faint && line.xs.length <= POINTS_SHOWN, size: 4 },
  })
  const main = lines.map((line) => one(line, false))
  return [{}, ...main, ...(options.smoothing ? lines.map((line) => one(line, true)) : [])]
}

/** A line chart in `host`. This file is the only one that knows uPlot. */
export class LinePlot {
  #plot: uPlot
  #options: LineOptions
  #zoomed = false

  constructor(host: HTMLElement, lines: Line[], options: LineOptions, hover: (at: Hover | undefined) => void) {
    this.#options = options
    this.#plot = new uPlot(
      {
        width: Math.max(host.clientWidth, 50),
        height: options.height,
        padding: [10, 14, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: options.x === 'time', distr: options.logX ? 3 : 1 },
          y: { distr: options.logY ? 3 : 1 },
        },
        axes: axes(host, options),
        series: seriesOf(host, lines, options),
        cursor: {
          y: false,
          points: { size: 6 },
          drag: { x: true, y: false },
          ...(options.sync && { sync: { key: options.sync } }),
        },
        hooks: {
          setCursor: [(plot) => hover(this.#at(plot, lines.length))],
          setSelect: [(plot) => (this.#zoomed = plot.select.width > 0)],
        },
      },
      dataOf(lines, options),
      host,
    )
    host.addEventListener('dblclick', () => (this.#zoomed = false))
  }

  #at(plot: uPlot, count: number): Hover | undefined {
    const index = plot.cursor.idx
    const x = index == null ? undefined : plot.data[0][index]
    if (index == null || x === undefined) return undefined
    const values = Array.from({ length: count }, (_, line) => this.#nearest(plot, line + 1, index))
    return {
      x,
      values,
      left: plot.valToPos(x, 'x') + plot.bbox.left / devicePixelRatio,
      own: plot.root.matches(':hover'),
    }
  }

  /** A line may have no point of its own at this x; then its nearest one before counts. */
  #nearest(plot: uPlot, series: number, index: number): number | null | undefined {
    const column = plot.data[series]!
    for (let at = index; at >= 0; at--) if (column[at] !== undefined) return column[at]
    return undefined
  }

  /** New points of the same lines; a zoom stays. */
  update(lines: Line[]) {
    this.#plot.setData(dataOf(lines, this.#options), !this.#zoomed)
    if (this.#zoomed) this.#plot.redraw()
  }

  resize(width: number) {
    if (width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: this.#options.height })
  }

  destroy() {
    this.#plot.destroy()
  }
}
