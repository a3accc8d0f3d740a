/** One column or tensor of a schema or a model's signature. */
export type Field = { name: string; type: string; optional: boolean }

type Spec = {
  name?: unknown
  type?: unknown
  required?: unknown
  'tensor-spec'?: { dtype?: unknown; shape?: unknown }
}

function typeOf(spec: Spec): string {
  const tensor = spec['tensor-spec']
  if (!tensor) return String(spec.type ?? 'unknown')
  const shape = Array.isArray(tensor.shape)
    ? ` (${tensor.shape.map((size) => (size === -1 ? 'n' : size)).join(' × ')})`
    : ''
  return `${String(tensor.dtype)}${shape}`
}

/** Reads the list of columns as MLflow's signatures and dataset schemas write it. */
export function fieldsFrom(specs: unknown): Field[] {
  if (!Array.isArray(specs)) return []
  return specs
    .filter((spec): spec is Spec => typeof spec === 'object' && spec !== null)
    .map((spec) => ({
      name: typeof spec.name === 'string' ? spec.name : '',
      type: typeOf(spec),
      optional: spec.required === false,
    }))
}
