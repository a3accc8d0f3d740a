import { mlflow } from '../paths'
import { get } from './client'
import type { Schema } from './schema'
import { toNumber, toRecord, toTime } from './values'

/** A model that a run logged. */
export type LoggedModel = {
  id: string
  experimentId: string
  name: string
  type: string
  status: string
  created?: number | undefined
  runId?: string | undefined
  params: Record<string, string>
  metrics: Record<string, number>
  tags: Record<string, string>
  /** Versions of registered models made from it. */
  registrations: { name: string; version: string }[]
}

export const REGISTERED_TAG = 'mlflow.modelVersions'

/** MLflow's clients note the versions made from a model in a tag of it. */
function registrations(noted: string | undefined): LoggedModel['registrations'] {
  try {
    const list: unknown = JSON.parse(noted ?? '[]')
    return Array.isArray(list)
      ? list.map(({ name, version }) => ({ name: String(name), version: String(version) }))
      : []
  } catch {
    return []
  }
}

export async function getLoggedModel(id: string, signal?: AbortSignal): Promise<LoggedModel> {
  const { info, data } = (await get<Schema<'OneLoggedModel'>>(mlflow.loggedModel(id), signal)).model
  const tags = toRecord(info.tags)
  return {
    id: info.model_id,
    experimentId: info.experiment_id,
    name: info.name || info.model_id,
    type: info.model_type,
    status: info.status.replace('LOGGED_MODEL_', ''),
    created: toTime(info.creation_timestamp_ms),
    runId: info.source_run_id || undefined,
    params: toRecord(data.params),
    metrics: Object.fromEntries((data.metrics ?? []).map(({ key, value }) => [key, toNumber(value)])),
    tags,
    registrations: registrations(tags[REGISTERED_TAG]),
  }
}
