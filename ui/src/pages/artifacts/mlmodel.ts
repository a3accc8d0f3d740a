import { parse } from 'yaml'
import { formatBytes } from '../../parts/format/number'
import { fieldsFrom, type Field } from '../../parts/schema'

type Facts = [name: string, value: string][]
export type ModelDescription = {
  flavors: { name: string; facts: Facts }[]
  inputs: Field[]
  outputs: Field[]
  params: Field[]
  facts: Facts
}

type Yaml = Record<string, unknown>
const isObject = (value: unknown): value is Yaml => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The parts of a signature are JSON texts within the YAML. */
function fields(signature: unknown, part: string): Field[] {
  const text = isObject(signature) ? signature[part] : undefined
  if (typeof text !== 'string') return []
  try {
    return fieldsFrom(JSON.parse(text))
  } catch {
    return []
  }
}

/** Nested settings in one line each, `env.conda`; empty ones are left out. */
function flat(value: Yaml, prefix = ''): Facts {
  return Object.entries(value).flatMap(([key, inner]): Facts => {
    if (inner === null || inner === undefined || inner === '') return []
    if (isObject(inner)) return flat(inner, `${prefix}${key}.`)
    return [[prefix + key, Array.isArray(inner) ? JSON.stringify(inner) : String(inner)]]
  })
}

const NAMES: [key: string, name: string][] = [
  ['model_id', 'Model id'],
  ['model_uuid', 'UUID'],
  ['run_id', 'Run'],
  ['utc_time_created', 'Created (UTC)'],
  ['model_size_bytes', 'Size'],
  ['mlflow_version', 'MLflow version'],
]

/** Reads an `MLmodel` file. */
export function describeModel(text: string): ModelDescription {
  const yaml: unknown = parse(text)
  if (!isObject(yaml)) throw new Error('This MLmodel file is not in the form MLflow writes.')
  const { signature, flavors } = yaml
  const facts: Facts = []
  for (const [key, name] of NAMES) {
    const value = yaml[key]
    if (value === undefined || value === null || (key === 'model_uuid' && value === yaml.model_id)) continue
    facts.push([name, key === 'model_size_bytes' ? formatBytes(Number(value)) : String(value)])
  }
  return {
    flavors: Object.entries(isObject(flavors) ? flavors : {}).map(([name, settings]) => ({
      name,
      facts: isObject(settings) ? flat(settings) : [],
    })),
    inputs: fields(signature, 'inputs'),
    outputs: fields(signature, 'outputs'),
    params: fields(signature, 'params'),
    facts,
  }
}
