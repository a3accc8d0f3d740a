import type { Lineage, LineageStep, LineageUse } from '../../api/captured'

/** A step with the names of the steps that it had its data from; `sure` is false where that was found by likeness. */
export type WayStep = LineageStep & { sources: { what: string; sure: boolean }[] }

/** The steps behind a use of data, the first one first. */
export function wayOf({ steps }: Lineage, { from }: LineageUse): WayStep[] {
  const known = new Map(steps.map((step) => [step.id, step]))
  const found = new Set<number>()
  const waiting = [...from]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id) || !known.has(id)) continue
    found.add(id)
    waiting.push(...known.get(id)!.from)
  }
  return steps
    .filter((step) => found.has(step.id))
    .sort((a, b) => a.id - b.id)
    .map((step) => ({
      ...step,
      sources: step.from.flatMap((id) => {
        const source = known.get(id)
        return source ? [{ what: source.what, sure: !step.inferred?.includes(id) }] : []
      }),
    }))
}

/** `120 rows × 4 columns`, as far as that is known. */
export const sizeOf = ({ rows, columns }: LineageStep) =>
  [rows != null && `${rows.toLocaleString('en-US')} rows`, columns && `${columns} columns`].filter(Boolean).join(' × ')
