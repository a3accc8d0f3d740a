/** What MLflow's JSON looks like: unset fields are missing, 64-bit numbers may be text, NaN is text. */
export type Int = number | string
export type Num = number | string
export type Pair = { key: string; value: string }

export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED'

export type WireExperiment = {
  experiment_id: string
  name: string
  artifact_location?: string
  lifecycle_stage?: string
  creation_time?: Int
  last_update_time?: Int
  tags?: Pair[]
}

export type WireMetric = {
  key: string
  value: Num
  timestamp?: Int
  step?: Int
  dataset_name?: string
  dataset_digest?: string
  model_id?: string
}

export type WireDataset = {
  name: string
  digest: string
  source_type?: string
  source?: string
  schema?: string
  profile?: string
}

export type WireRun = {
  info: {
    run_id: string
    run_name?: string
    experiment_id: string
    user_id?: string
    status?: RunStatus
    start_time?: Int
    end_time?: Int
    artifact_uri?: string
    lifecycle_stage?: string
  }
  data?: { metrics?: WireMetric[]; params?: Pair[]; tags?: Pair[] }
  inputs?: { dataset_inputs?: { dataset: WireDataset; tags?: Pair[] }[]; model_inputs?: { model_id: string }[] }
  outputs?: { model_outputs?: { model_id: string; step?: Int }[] }
}

export type WireLoggedModel = {
  info: {
    model_id: string
    experiment_id: string
    name?: string
    creation_timestamp_ms?: Int
    artifact_uri?: string
    status?: string
    model_type?: string
    source_run_id?: string
    status_message?: string
    tags?: Pair[]
    registrations?: { name: string; version: string }[]
  }
  data?: { params?: Pair[]; metrics?: WireMetric[] }
}

export type WireModelVersion = {
  name: string
  version: string
  creation_timestamp?: Int
  last_updated_timestamp?: Int
  user_id?: string
  current_stage?: string
  description?: string
  source?: string
  run_id?: string
  status?: string
  status_message?: string
  tags?: Pair[]
  aliases?: string[]
  model_id?: string
}

export type WireRegisteredModel = {
  name: string
  creation_timestamp?: Int
  last_updated_timestamp?: Int
  description?: string
  latest_versions?: WireModelVersion[]
  tags?: Pair[]
  aliases?: { alias: string; version: string }[]
}

export type WireSummary = {
  key: string
  count: number
  first: { step: number; timestamp: number; value: Num }
  latest: { step: number; timestamp: number; value: Num }
  min: Num
  max: Num
}

export type WireSeries = { run_id: string; key: string; total: number; steps: number[]; timestamps: number[]; values: Num[] }
