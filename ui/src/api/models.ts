import { mlflow } from '../paths'
import { get } from './client'
import { toNumber, toRecord, toTime } from './values'
import type { WireLoggedModel } from './wire'

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

function registrations(wire: WireLoggedModel['info'], tags: Record<string, string>) {
  if (wire.registrations?.length) return wire.registrations
  try {
    // MLflow's clients note registrations in a tag.
    const noted: unknown = JSON.parse(tags['mlflow.modelVersions'] ?? '[]')
    if (!Array.isArray(noted)) return []
    return noted.map(({ name, version }) => ({ name: String(name), version: String(version) }))
  } catch {
    return []
  }
}

export async function getLoggedModel(id: string, signal?: AbortSignal): Promise<LoggedModel> {
  const { info, data } = (await get<{ model: WireLoggedModel }>(mlflow.loggedModel(id), signal)).model
  const tags = toRecord(info.tags)
  return {
    id: info.model_id,
    experimentId: info.experiment_id,
    name: info.name || info.model_id,
    type: info.model_type ?? '',
    status: (info.status ?? '').replace('LOGGED_MODEL_', ''),
    created: toTime(info.creation_timestamp_ms),
    runId: info.source_run_id || undefined,
    params: toRecord(data?.params),
    metrics: Object.fromEntries((data?.metrics ?? []).map(({ key, value }) => [key, toNumber(value)])),
    tags,
    registrations: registrations(info, tags),
  }
}
