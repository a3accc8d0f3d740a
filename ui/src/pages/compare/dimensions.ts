import type { Run } from '../../api/runs'
import type { Cell } from '../../charts/axis'
import { isInferred } from '../inferred'
import { isSystemMetric } from '../system-metrics'

/** Something of a run that can lie along an axis: `params.lr`, `metrics.loss`. */
export type Dimension = { id: string; label: string; metric: boolean }

export function valueOf(run: Run, id: string): Cell {
  const dot = id.indexOf('.')
  const key = id.slice(dot + 1)
  return id.startsWith('metrics.') ? run.metrics[key] : run.params[key]
}

/** All params, then all metrics. */
export function dimensionsOf(runs: Run[]): Dimension[] {
  const ids = new Map<string, Dimension>()
  for (const run of runs) {
    for (const key in run.params) ids.set(`params.${key}`, { id: `params.${key}`, label: key, metric: false })
    for (const key in run.metrics) ids.set(`metrics.${key}`, { id: `metrics.${key}`, label: key, metric: true })
  }
  return [...ids.values()].sort(
    (a, b) => Number(a.metric) - Number(b.metric) || a.label.localeCompare(b.label, 'en', { numeric: true }),
  )
}

/** Those that are not the same in all runs. */
export function varyingDimensions(runs: Run[]): Dimension[] {
  const varies = ({ id }: Dimension) => runs.some((run) => valueOf(run, id) !== valueOf(runs[0]!, id))
  return dimensionsOf(runs).filter(varies)
}

const MAIN = /test_score$|val.*(?:acc|f1|loss)|accuracy|f1|auc|r2|loss|score$/i

/** The metric people look at first, as far as its name tells. */
export function mainMetric(dimensions: Dimension[]): Dimension | undefined {
  const metrics = dimensions.filter((one) => one.metric && !isSystemMetric(one.label) && !isInferred(one.label))
  return (
    metrics.find(({ label }) => /^(?:mean_test_score|best_cv_score)$/.test(label)) ??
    metrics.find(({ label }) => MAIN.test(label)) ??
    metrics[0]
  )
}

const AXES = 6

/** A few params, then the main metric. */
export function defaultAxes(dimensions: Dimension[]): string[] {
  const main = mainMetric(dimensions)
  const params = dimensions.filter((one) => !one.metric && !isInferred(one.label)).slice(0, AXES)
  return [...params, ...(main ? [main] : [])].map((one) => one.id)
}
