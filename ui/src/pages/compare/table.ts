import type { StructureNode } from '../../api/captured'
import { isClientTag, SOURCE_TAG, type Run } from '../../api/runs'
import { formatNumber } from '../../parts/format/number'
import { formatDuration, formatTime } from '../../parts/format/time'
import { isInferred } from '../inferred'
import { structureLines } from '../structure'

export type CompareRow = {
  key: string
  /** The text of each run; undefined where it has none. */
  cells: (string | undefined)[]
  differs: boolean
  /** Indexes of the runs that do best in it, and what best means. */
  best: number[]
  lower: boolean
}
export type CompareGroup = { title: string; rows: CompareRow[] }

const LOWER =
  /loss|error|(?:^|[_/.-])(?:r?mse|mae|mape|rmsle|smape|std|fpr|fnr|perplexity|ppl|brier|latency)(?:[_/.-]|$)|duration|seconds|_ms$|time$/i

/** Whether less is better, as its name tells. */
export const lowerIsBetter = (key: string) => LOWER.test(key)

/** The runs with the best finite value; none if all have the same. */
export function bestOf(values: (number | undefined)[], lower: boolean): number[] {
  const finite = values.filter((value): value is number => value !== undefined && Number.isFinite(value))
  const best = lower ? Math.min(...finite) : Math.max(...finite)
  if (finite.length < 2 || finite.every((value) => value === best)) return []
  return [...values.keys()].filter((index) => values[index] === best)
}

const row = (key: string, cells: (string | undefined)[], best: number[] = [], lower = false): CompareRow => ({
  key,
  cells,
  differs: cells.some((cell) => cell !== cells[0]),
  best,
  lower,
})

const keysOf = (records: object[]) =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  )

const textRows = (records: Record<string, string>[]) =>
  keysOf(records).map((key) =>
    row(
      key,
      records.map((record) => record[key]),
    ),
  )

/** The parts of models, and how they differ. */
export const compareStructures = (structures: (StructureNode | undefined)[]): CompareGroup[] => [
  { title: 'Structure', rows: textRows(structures.map((root) => (root ? structureLines(root) : {}))) },
]

/** What runs have and how it differs, by kind. */
export function compareRuns(runs: Run[]): CompareGroup[] {
  const metrics = runs.map((run) => run.metrics)
  const tags = runs.map((run) => Object.fromEntries(Object.entries(run.tags).filter(([key]) => !isClientTag(key))))
  const params = textRows(runs.map((run) => run.params))
  const scores = keysOf(metrics).map((key) => {
    const values = metrics.map((one) => one[key])
    const lower = lowerIsBetter(key)
    return row(
      key,
      values.map((value) => (value === undefined ? undefined : formatNumber(value))),
      bestOf(values, lower),
      lower,
    )
  })
  const declared = ({ key }: CompareRow) => !isInferred(key)
  const groups: CompareGroup[] = [
    {
      title: 'Run',
      rows: [
        row(
          'status',
          runs.map((run) => run.status.toLowerCase()),
        ),
        row(
          'started',
          runs.map((run) => run.start && formatTime(run.start)).map((text) => text || undefined),
        ),
        row(
          'duration',
          runs.map((run) => (run.start && run.end ? formatDuration(run.end - run.start) : undefined)),
        ),
        row(
          'source',
          runs.map((run) => run.tags[SOURCE_TAG]),
        ),
        row(
          'dataset',
          runs.map((run) => run.datasets.map(({ name, digest }) => `${name} ${digest}`).join(', ') || undefined),
        ),
      ].filter(({ cells }) => cells.some(Boolean)),
    },
    { title: 'Parameters', rows: params.filter(declared) },
    {
      title: 'Metrics',
      rows: scores.filter(declared),
    },
    { title: 'Tags', rows: textRows(tags) },
    { title: 'Inferred', rows: [...params, ...scores].filter((one) => !declared(one)) },
  ]
  return groups.filter(({ rows }) => rows.length)
}
