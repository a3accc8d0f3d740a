import { own } from '../paths'
import { get } from './client'
import type { Schema } from './schema'
import { toNumber } from './values'

export type Point = { step: number; timestamp: number; value: number }
export type Summary = { key: string; count: number; first: Point; latest: Point; min: number; max: number }
export type Series = {
  runId: string
  key: string
  total: number
  steps: number[]
  timestamps: number[]
  values: number[]
}

const toPoint = (wire: Schema<'Point'>): Point => ({ ...wire, value: toNumber(wire.value) })

/** What is known of each metric of a run without its history. */
export async function getSummaries(runId: string, signal?: AbortSignal): Promise<Summary[]> {
  const { metrics } = await get<Schema<'MetricSummaries'>>(own.summaries(runId), signal)
  return metrics.map((wire) => ({
    key: wire.key,
    count: wire.count,
    first: toPoint(wire.first),
    latest: toPoint(wire.latest),
    min: toNumber(wire.min),
    max: toNumber(wire.max),
  }))
}

/** More points than a screen has columns show nothing more; the server keeps every spike. */
const MAX_POINTS = 2000

/** So many ids fit an address that every proxy takes. */
const RUNS_EACH = 100

/** The curves of one metric in several runs; a run without it is missing from the answer or empty. */
export async function getSeries(runIds: string[], key: string, signal?: AbortSignal): Promise<Series[]> {
  const parts = Array.from({ length: Math.ceil(runIds.length / RUNS_EACH) }, (_, part) =>
    runIds.slice(part * RUNS_EACH, (part + 1) * RUNS_EACH),
  )
  const answers = await Promise.all(
    parts.map((ids) => get<Schema<'SeriesList'>>(own.series(ids, key, MAX_POINTS), signal)),
  )
  return answers
    .flatMap(({ series }) => series)
    .map((wire) => ({
      runId: wire.run_id,
      key: wire.key,
      total: wire.total,
      steps: wire.steps,
      timestamps: wire.timestamps,
      values: wire.values.map(toNumber),
    }))
}
