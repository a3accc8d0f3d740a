import type { Field } from '../../parts/schema'
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

/** What a dataset's profile says of its columns; empty where it says nothing. */
export function statisticsOf(profile: string | undefined): ColumnStatistics[] {
  const parsed = parse(profile)
  return isObject(parsed) && Array.isArray(parsed.columns) ? parsed.columns.filter(isObject) : []
}
