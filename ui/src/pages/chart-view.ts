import type { View } from '../charts/ChartControls.svelte'
import type { XAxis } from '../charts/line'
import type { Line } from '../charts/series'
import type { Series } from '../api/metrics'

/** How the address says what charts look like: `x=time&log=xy&smooth=0.6`. */
export function readView(query: URLSearchParams): View {
  const x = query.get('x')
  const log = query.get('log') ?? ''
  return {
    x: (x === 'time' || x === 'relative' ? x : 'step') satisfies XAxis,
    logX: log.includes('x') && x !== 'time',
    logY: log.includes('y'),
    smoothing: Math.min(0.99, Math.max(0, Number(query.get('smooth')) || 0)),
  }
}

export function writeView(view: View): Record<string, string> {
  return {
    x: view.x === 'step' ? '' : view.x,
    log: (view.logX ? 'x' : '') + (view.logY ? 'y' : ''),
    smooth: view.smoothing ? String(view.smoothing) : '',
  }
}

/** Seconds since the epoch, or since the first point; steps as they are. */
function xsOf(series: Series, x: XAxis): number[] {
  if (x === 'step') return series.steps
  const start = x === 'relative' ? (series.timestamps[0] ?? 0) : 0
  return series.timestamps.map((time) => (time - start) / 1000)
}

/** A curve of the server as a line of a chart; points are put in the order of x. */
export function toLine(series: Series, x: XAxis, look: { id: string; label: string; color: string }): Line {
  const xs = xsOf(series, x)
  const rising = xs.every((value, index) => index === 0 || xs[index - 1]! <= value)
  if (rising) return { ...look, xs, ys: series.values }
  const order = [...xs.keys()].sort((a, b) => xs[a]! - xs[b]!)
  return { ...look, xs: order.map((index) => xs[index]!), ys: order.map((index) => series.values[index]!) }
}
