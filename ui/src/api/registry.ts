import { mlflow } from '../paths'
import { ApiError, call, get } from './client'
import { toRecord, toTime } from './values'
import type { WireModelVersion, WireRegisteredModel } from './wire'

export type ModelVersion = {
  name: string
  version: string
  created?: number | undefined
  stage?: string | undefined
  description: string
  source: string
  runId?: string | undefined
  modelId?: string | undefined
  status: string
  tags: Record<string, string>
  aliases: string[]
}

export type RegisteredModel = {
  name: string
  created?: number | undefined
  updated?: number | undefined
  description: string
  tags: Record<string, string>
  aliases: { alias: string; version: string }[]
  latest?: string | undefined
}

const toVersion = (wire: WireModelVersion): ModelVersion => ({
  name: wire.name,
  version: wire.version,
  created: toTime(wire.creation_timestamp),
  stage: wire.current_stage && wire.current_stage !== 'None' ? wire.current_stage : undefined,
  description: wire.description ?? '',
  source: wire.source ?? '',
  runId: wire.run_id || undefined,
  modelId: wire.model_id || /^models:\/(m-[^/]+)/.exec(wire.source ?? '')?.[1],
  status: wire.status ?? 'READY',
  tags: toRecord(wire.tags),
  aliases: wire.aliases ?? [],
})

const newest = (versions: WireModelVersion[] = []) =>
  versions.map(({ version }) => version).sort((a, b) => Number(b) - Number(a))[0]

const toModel = (wire: WireRegisteredModel): RegisteredModel => ({
  name: wire.name,
  created: toTime(wire.creation_timestamp),
  updated: toTime(wire.last_updated_timestamp),
  description: wire.description ?? '',
  tags: toRecord(wire.tags),
  aliases: (wire.aliases ?? []).map(({ alias, version }) => ({ alias, version: String(version) })),
  latest: newest(wire.latest_versions),
})

const quote = (text: string) => (text.includes("'") ? `"${text}"` : `'${text}'`)

export async function searchModels(name: string, signal?: AbortSignal): Promise<RegisteredModel[]> {
  const filter = name ? `name ILIKE ${quote(`%${name}%`)}` : undefined
  const url = mlflow.call('registered-models/search', { filter, max_results: 1000 })
  return ((await get<{ registered_models?: WireRegisteredModel[] }>(url, signal)).registered_models ?? []).map(toModel)
}

export async function getModel(name: string, signal?: AbortSignal): Promise<RegisteredModel> {
  const url = mlflow.call('registered-models/get', { name })
  return toModel((await get<{ registered_model: WireRegisteredModel }>(url, signal)).registered_model)
}

export async function listVersions(name: string, signal?: AbortSignal): Promise<ModelVersion[]> {
  const url = mlflow.call('model-versions/search', { filter: `name = ${quote(name)}`, max_results: 1000 })
  const { model_versions = [] } = await get<{ model_versions?: WireModelVersion[] }>(url, signal)
  return model_versions.map(toVersion).sort((a, b) => Number(b.version) - Number(a.version))
}

export async function getVersion(name: string, version: string, signal?: AbortSignal): Promise<ModelVersion> {
  const url = mlflow.call('model-versions/get', { name, version })
  return toVersion((await get<{ model_version: WireModelVersion }>(url, signal)).model_version)
}

export const createModel = (name: string, description = '') =>
  call('POST', mlflow.call('registered-models/create'), { name, description: description || undefined })

/** Makes the registered model if there is none of that name, then a version of it. */
export async function registerModel(name: string, model: { id: string; runId?: string | undefined }): Promise<ModelVersion> {
  try {
    await createModel(name)
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'RESOURCE_ALREADY_EXISTS')) throw error
  }
  const body = { name, source: `models:/${model.id}`, run_id: model.runId, model_id: model.id }
  const url = mlflow.call('model-versions/create')
  return toVersion((await call<{ model_version: WireModelVersion }>('POST', url, body)).model_version)
}

export const describeModel = (name: string, description: string) =>
  call('PATCH', mlflow.call('registered-models/update'), { name, description })

export const deleteModel = (name: string) => call('DELETE', mlflow.call('registered-models/delete'), { name })

export const setModelTag = (name: string, key: string, value: string) =>
  call('POST', mlflow.call('registered-models/set-tag'), { name, key, value })

export const deleteModelTag = (name: string, key: string) =>
  call('DELETE', mlflow.call('registered-models/delete-tag'), { name, key })

export const setAlias = (name: string, alias: string, version: string) =>
  call('POST', mlflow.call('registered-models/alias'), { name, alias, version })

export const deleteAlias = (name: string, alias: string) =>
  call('DELETE', mlflow.call('registered-models/alias'), { name, alias })

export const describeVersion = (name: string, version: string, description: string) =>
  call('PATCH', mlflow.call('model-versions/update'), { name, version, description })

export const deleteVersion = (name: string, version: string) =>
  call('DELETE', mlflow.call('model-versions/delete'), { name, version })

export const setVersionTag = (name: string, version: string, key: string, value: string) =>
  call('POST', mlflow.call('model-versions/set-tag'), { name, version, key, value })

export const deleteVersionTag = (name: string, version: string, key: string) =>
  call('DELETE', mlflow.call('model-versions/delete-tag'), { name, version, key })

export const setStage = (name: string, version: string, stage: string) =>
  call('POST', mlflow.call('model-versions/transition-stage'), { name, version, stage, archive_existing_versions: false })
