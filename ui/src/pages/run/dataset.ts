import type { Field } from '../../parts/schema'
import { fieldsFrom } from '../../parts/schema'

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
  return Object.entries(tensors).flatMap(([name, spec]) =>
    Array.isArray(spec) ? fieldsFrom(spec).map((field) => ({ ...field, name: field.name || name })) : [],
  )
}

const NAMES: Record<string, string> = { num_rows: 'rows', num_columns: 'columns', num_elements: 'values', features_shape: 'shape' }

/** The sizes in a dataset's profile, e.g. `[['rows', 120]]`. */
export function profileOf(profile: string | undefined): [name: string, value: number][] {
  const parsed = parse(profile)
  if (!isObject(parsed)) return []
  return Object.entries(parsed).flatMap(([key, value]) =>
    typeof value === 'number' ? [[NAMES[key] ?? key.replaceAll('_', ' '), value] satisfies [string, number]] : [],
  )
}
