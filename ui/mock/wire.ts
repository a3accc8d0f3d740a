import type { Double, Schema } from '../src/api/schema.ts'
import type { MockPoint, MockRun, State } from './state.ts'

/** JSON has no NaN; the server writes it as text. */
export const num = (value: number): Double => (Number.isFinite(value) ? value : (String(value) as Double))

export const wireRun = (run: MockRun): Schema<'Run'> => ({
  info: {
    run_id: run.id,
    run_uuid: run.id,
    run_name: run.name,
    experiment_id: run.experimentId,
    user_id: run.user,
    status: run.status,
    start_time: run.start,
    ...(run.end && { end_time: run.end }),
    artifact_uri: `mlflow-artifacts:/${run.experimentId}/${run.id}/artifacts`,
    lifecycle_stage: run.deleted ? 'deleted' : 'active',
  },
  data: {
    metrics: Object.entries(run.metrics).map(([key, points]) => {
      const { step, timestamp, value } = points.at(-1)!
      return { key, step, timestamp, value: num(value) }
    }),
    params: Object.entries(run.params).map(([key, value]) => ({ key, value })),
    tags: Object.entries({ 'mlflow.runName': run.name, ...run.tags }).map(([key, value]) => ({ key, value })),
  },
  inputs: {
    dataset_inputs: run.datasets.map(({ dataset, context }) => ({
      dataset,
      tags: [{ key: 'mlflow.data.context', value: context }],
    })),
  },
  outputs: { model_outputs: run.modelIds.map((model_id) => ({ model_id, step: 0 })) },
})

const wirePoint = (point: MockPoint) => ({ ...point, value: num(point.value) })

export function wireSummary(key: string, points: MockPoint[]): Schema<'MetricSummary'> {
  const values = points.map(({ value }) => value).filter((value) => !Number.isNaN(value))
  return {
    key,
    count: points.length,
    first: wirePoint(points[0]!),
    latest: wirePoint(points.at(-1)!),
    min: num(values.length ? Math.min(...values) : NaN),
    max: num(values.length ? Math.max(...values) : NaN),
  }
}

export function wireSeries(run: MockRun, key: string, maxPoints: number): Schema<'Series'> {
  const all = run.metrics[key] ?? []
  const stride = Math.ceil(all.length / maxPoints) || 1
  const points = all.filter((_, i) => i % stride === 0 || i === all.length - 1)
  return {
    run_id: run.id,
    key,
    total: all.length,
    steps: points.map(({ step }) => step),
    timestamps: points.map(({ timestamp }) => timestamp),
    values: points.map(({ value }) => num(value)),
  }
}

const aliasesOf = (state: State, version: Schema<'ModelVersion'>) =>
  (state.registered.get(version.name)?.aliases ?? []).filter((a) => a.version === version.version).map((a) => a.alias)

export const wireVersion = (state: State, version: Schema<'ModelVersion'>): Schema<'ModelVersion'> => ({
  ...version,
  aliases: aliasesOf(state, version),
})

export const wireRegistered = (state: State, name: string): Schema<'RegisteredModel'> => ({
  ...state.registered.get(name)!,
  latest_versions: state.versions.filter((version) => version.name === name).slice(-1),
})
