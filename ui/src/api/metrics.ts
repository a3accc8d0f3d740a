import { own } from '../paths'
import { get } from './client'
import type { Schema } from './schema'
import { toNumber } from './values'

export type Point = { step: number; timestamp: number; value: number }
export type Summary = { key: string; count: number; first: Point; latest: Point; min: number; max: number }
export type Series = { runId: string; key: string; total: number; steps: number[]; timestamps: number[]; values: number[] }

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

/** The curves of one metric in several runs; a run without it is missing from the answer or empty. */
export async function getSeries(runIds: string[], key: string, signal?: AbortSignal): Promise<Series[]> {
  const { series } = await get<Schema<'SeriesList'>>(own.series(runIds, key, MAX_POINTS), signal)
  return series.map((wire) => ({
    runId: wire.run_id,
    key: wire.key,
    total: wire.total,
    steps: wire.steps,
    timestamps: wire.timestamps,
    values: wire.values.map(toNumber),
  }))
}
