import type { DatasetDrift, Lineage, LineageUse } from '../../api/captured'
import type { Dataset } from '../../api/runs'
import type { Field } from '../../parts/schema'
import { formatNumber } from '../../parts/format/number'
import { fieldsFrom } from '../../parts/schema'
import type { ColumnStatistics } from '../../parts/StatisticsTable.svelte'

function parse(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '')
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The columns or tensors of a dataset's schema, in any of the forms MLflow writes. */
export function fieldsOf(schema: string | undefined): Field[] {
  const parsed = parse(schema)
  if (!isObject(parsed)) return []
  const direct = parsed.mlflow_colspec ?? parsed.mlflow_tensorspec
  if (Array.isArray(direct)) return fieldsFrom(direct)
  const tensors = isObject(direct) ? direct : parsed
  return Object.entries(tensors).flatMap(([name, spec]) => {
    const specs = typeof spec === 'string' ? parse(spec) : spec // MLflow writes JSON within the JSON
    return fieldsFrom(specs).map((field) => ({ ...field, name: field.name || name }))
  })
}

/** Rows and columns of one shape, or of one per feature. */
function sizesOf(shape: unknown): [rows?: unknown, columns?: unknown] {
  if (Array.isArray(shape)) return [shape[0], shape[1]]
  if (!isObject(shape)) return []
  const [first] = Object.values(shape)
  return [Array.isArray(first) ? first[0] : undefined, Object.keys(shape).length]
}

/** The sizes in a dataset's profile, e.g. `[['rows', 120], ['columns', 4]]`. */
export function profileOf(profile: string | undefined): [name: string, value: number][] {
  const parsed = parse(profile)
  if (!isObject(parsed)) return []
  const [rows, columns] = sizesOf(parsed.features_shape)
  const sizes: [string, unknown][] = [
    ['rows', parsed.num_rows ?? rows],
    ['columns', parsed.num_columns ?? columns],
  ]
  return sizes.filter((size): size is [string, number] => typeof size[1] === 'number')
}

/** The columns of a dataset with their types, and what its profile says of their values; empty where it says nothing. */
export function columnsOf({ schema, profile }: Pick<Dataset, 'schema' | 'profile'>): ColumnStatistics[] {
  const parsed = parse(profile)
  if (!isObject(parsed) || !Array.isArray(parsed.columns)) return []
  // Two columns may have one name, so place goes before name; those of an array have none, its one field is of all.
  const fields = fieldsOf(schema)
  const array = fields.find(({ name }) => name === 'features')
  return (parsed.columns.filter(isObject) as ColumnStatistics[]).map((column, place) => {
    const named = fields[place]?.name === column.name ? fields[place] : fields.find(({ name }) => name === column.name)
    const field = column.name === undefined ? array : named
    if (!field) return column
    const type = field.type.replace(/ \(.*/, '')
    return { ...column, type: field.optional ? `${type}?` : type }
  })
}

/** Whether digest and statistics are of some of the rows. */
export const isSampled = (profile: string | undefined): boolean => {
  const parsed = parse(profile)
  return isObject(parsed) && parsed.sampled === true
}

/** Data that reached a model, what the lineage knows of it, and how it differs from that of the run before. */
export type DatasetUse = { dataset: Dataset; use: LineageUse | undefined; drift: DatasetDrift | undefined }

type Named = { name: string; digest?: string; context?: string | null | undefined }

export function usesOf(datasets: Dataset[], lineage: Lineage | undefined, drift: DatasetDrift[] = []): DatasetUse[] {
  const same = (a: Named, b: Named) => a.name === b.name && a.digest === b.digest && a.context == b.context
  return datasets.map((dataset) => ({
    dataset,
    use: lineage?.used.find((one) => same(dataset, one)),
    drift: drift.find((one) => same(dataset, one)),
  }))
}

const CHANGES: Record<string, string> = { added: 'added', removed: 'removed', retyped: 'has another type' }

/** What is worth a look in each column: `age moved`. */
export const notableOf = ({ columns }: DatasetDrift): string[] =>
  columns.filter(({ notable }) => notable).map(({ name, change }) => `${name} ${CHANGES[change] ?? 'moved'}`)

/** The columns of a dataset, each with its share of the drift. */
export function withDrift(columns: ColumnStatistics[], drift: DatasetDrift | undefined): ColumnStatistics[] {
  const left = [...(drift?.columns ?? [])]
  return columns.map((column, place) => {
    const index = left.findIndex(({ name }) => name === (column.name ?? String(place)))
    const [found] = index < 0 ? [] : left.splice(index, 1)
    return found?.psi === undefined
      ? column
      : { ...column, drift: { psi: found.psi, notable: found.notable, told: tellDrift(found) } }
  })
}

function tellDrift({ psi = 0, chance = 0, shift }: DatasetDrift['columns'][number]): string {
  const lines = [
    `Population stability index ${formatNumber(psi, 3)}: below 0.1 little has changed, from 0.25 on much.`,
    `By chance it stays below ${formatNumber(chance, 3)} in 99 of 100 cases.`,
  ]
  if (shift !== undefined) lines.push(`The mean moved by ${formatNumber(shift, 3)} standard deviations.`)
  return lines.join('\n')
}
