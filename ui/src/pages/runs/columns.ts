import { isClientTag, SOURCE_TAG, type Run } from '../../api/runs'
import { formatInColumn } from '../../parts/format/number'
import { isInferred } from '../inferred'
import { isSystemMetric } from '../system-metrics'

export type ColumnGroup = 'attributes' | 'metrics' | 'params' | 'tags'

/** A column of the runs table. `id` is what the address and the server's order_by call it: `metrics.loss`. */
export type Column = {
  id: string
  group: ColumnGroup
  key: string
  label: string
  width: number
  numeric: boolean
  sortable: boolean
}

const ATTRIBUTES: Record<string, { label: string; width: number; sortable?: boolean }> = {
  start_time: { label: 'Started', width: 116, sortable: true },
  duration: { label: 'Duration', width: 104 },
  user_id: { label: 'User', width: 96, sortable: true },
  source: { label: 'Source', width: 150 },
  dataset: { label: 'Dataset', width: 150 },
  models: { label: 'Models', width: 96 },
}

const attributeKeys = Object.keys(ATTRIBUTES)

export const columnId = (group: ColumnGroup, key: string) => `${group}.${key}`

export function toColumn(id: string): Column | undefined {
  const dot = id.indexOf('.')
  const [group, key] = [id.slice(0, dot), id.slice(dot + 1)]
  if (group === 'attributes') {
    const known = ATTRIBUTES[key]
    const numeric = key === 'duration'
    return (
      known && { id, group, key, label: known.label, width: known.width, numeric, sortable: known.sortable ?? false }
    )
  }
  if ((group !== 'metrics' && group !== 'params' && group !== 'tags') || !key) return undefined
  const width = Math.min(200, Math.max(96, 34 + key.length * 7))
  return { id, group, key, label: key, width, numeric: group === 'metrics', sortable: true }
}

/** The text of a metric, param or tag in a run; empty where the run has none. */
export function cellText(run: Run, column: Column): string {
  if (column.group === 'metrics') {
    const value = run.metrics[column.key]
    return value === undefined ? '' : formatInColumn(value)
  }
  if (column.group === 'params') return run.params[column.key] ?? ''
  return run.tags[column.key] ?? ''
}

/** Every column that some of the runs could fill, in groups. */
export function availableColumns(runs: Run[]): Record<ColumnGroup, string[]> {
  const found = { metrics: new Set<string>(), params: new Set<string>(), tags: new Set<string>() }
  for (const run of runs) {
    for (const key in run.metrics) found.metrics.add(key)
    for (const key in run.params) found.params.add(key)
    for (const key in run.tags) if (!isClientTag(key)) found.tags.add(key)
  }
  const sorted = (keys: Set<string>) => [...keys].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return {
    attributes: attributeKeys,
    metrics: sorted(found.metrics),
    params: sorted(found.params),
    tags: sorted(found.tags),
  }
}

const DEFAULT_EACH = 5

/** What people look at first comes first: scores on data not trained on, then others, then times and single folds. */
function rank(key: string): number {
  if (/^split\d|time$|^std_/.test(key)) return 3
  if (/^train/.test(key)) return 2
  return /test|val|eval|best|cv|mean/i.test(key) ? 0 : 1
}

function varying(runs: Run[], key: string): boolean {
  const first = runs[0]?.params[key]
  return runs.some((run) => run.params[key] !== first)
}

/** The first of a group of columns carries its name. */
export const captionOf = (column: Column, before: Column | undefined): string =>
  column.group === before?.group
    ? ''
    : { attributes: '', metrics: 'Metrics', params: 'Parameters', tags: 'Tags' }[column.group]

/** Columns with room for what other runs hold, e.g. children that were just unfolded. */
export function widened(columns: string[], runs: Run[]): string[] {
  const all = [...new Set([...columns, ...defaultColumns(runs)])]
  const rankOf = (id: string) => (id.startsWith('metrics.') ? rank(id.slice('metrics.'.length)) : 0)
  return defaultColumns(
    [],
    all.sort((a, b) => rankOf(a) - rankOf(b)),
  )
}

/**
 * What a table shows before anyone chose: the attributes that are filled, a few metrics, and of the params those
 * that differ between runs; nothing that was inferred. Columns that were shown `before` stay, so that nothing jumps while runs come in.
 */
export function defaultColumns(runs: Run[], before: string[] = []): string[] {
  const { metrics, params: all } = availableColumns(runs)
  const params = all.filter((key) => !isInferred(key))
  const attributes = ['start_time', 'duration']
  if (runs.some((run) => run.tags[SOURCE_TAG])) attributes.push('source')
  if (runs.some((run) => run.datasets.length)) attributes.push('dataset')
  if (runs.some((run) => run.modelIds.length)) attributes.push('models')

  const shown = (group: ColumnGroup) => before.filter((id) => id.startsWith(`${group}.`))
  const fill = (group: ColumnGroup, keys: string[], most: number) => {
    const kept = shown(group)
    const more = keys.map((key) => columnId(group, key)).filter((id) => !kept.includes(id))
    return [...kept, ...more.slice(0, Math.max(0, most - kept.length))]
  }
  const plain = metrics.filter((key) => !isSystemMetric(key) && !isInferred(key)).sort((a, b) => rank(a) - rank(b))
  const differing = params.filter((key) => varying(runs, key))
  return [
    ...fill('attributes', attributes, attributeKeys.length),
    ...fill('metrics', plain, DEFAULT_EACH),
    ...fill('params', differing.length ? differing : params, DEFAULT_EACH),
  ]
}

/** `-metrics.loss` in the address; ``metrics.`loss` DESC`` for the server. */
export function orderBy(sort: string | null): string[] | undefined {
  if (!sort) return undefined
  const descending = sort.startsWith('-')
  const id = descending ? sort.slice(1) : sort
  const dot = id.indexOf('.')
  const [group, key] = [id.slice(0, dot), id.slice(dot + 1)]
  const field = group === 'attributes' ? `attributes.${key}` : `${group}.\`${key}\``
  return [`${field} ${descending ? 'DESC' : 'ASC'}`]
}

/** What a click on a header makes of the sort: downwards first for numbers, the other way, then the default. */
export function nextSort(sort: string | null, column: Column): string {
  const [first, second] =
    column.numeric || column.key === 'start_time' ? [`-${column.id}`, column.id] : [column.id, `-${column.id}`]
  if (sort === first) return second
  return sort === second ? '' : first
}
