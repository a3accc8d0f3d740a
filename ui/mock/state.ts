import type { RunStatus, Schema } from '../src/api/schema.ts'
import type { Captured } from '../src/api/captured.ts'

export type MockPoint = { step: number; timestamp: number; value: number }

export type MockRun = {
  id: string
  name: string
  experimentId: string
  status: RunStatus
  start: number
  end?: number | undefined
  deleted: boolean
  user: string
  params: Record<string, string>
  metrics: Record<string, MockPoint[]>
  tags: Record<string, string>
  datasets: { dataset: Schema<'Dataset'>; context: string }[]
  modelIds: string[]
  captured: Captured[]
  documents: Record<string, string>
  /** All values of params that had several. */
  paramHistory?: Schema<'ParamValue'>[]
  drift?: Schema<'DatasetDrift'>[]
}

/** Files by their path from the owner's root. */
export type Files = Record<string, string | Buffer>

/** What the mock server holds, in memory. */
export class State {
  count = 1
  experiments: Schema<'Experiment'>[] = []
  runs = new Map<string, MockRun>()
  models = new Map<string, Schema<'LoggedModel'>>()
  /** By run id or model id. */
  files = new Map<string, Files>()
  registered = new Map<string, Omit<Schema<'RegisteredModel'>, 'latest_versions'>>()
  versions: Schema<'ModelVersion'>[] = []

  changed() {
    this.count += 1
  }

  experiment(id: string): Schema<'Experiment'> | undefined {
    return this.experiments.find((experiment) => experiment.experiment_id === id)
  }

  addExperiment(name: string, time: number, tags: Record<string, string> = {}): string {
    const id = String(this.experiments.length)
    this.experiments.push({
      experiment_id: id,
      name,
      artifact_location: `mlflow-artifacts:/${id}`,
      lifecycle_stage: 'active',
      workspace: 'default',
      creation_time: time,
      last_update_time: time,
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    })
    return id
  }

  addRun(run: MockRun) {
    this.runs.set(run.id, run)
    const experiment = this.experiment(run.experimentId)
    if (experiment) experiment.last_update_time = Math.max(Number(experiment.last_update_time), run.start)
  }
}
