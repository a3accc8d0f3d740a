import { mlflow } from '../paths'
import { ApiError, call, get } from './client'
import { REGISTERED_TAG, type LoggedModel } from './models'
import type { Schema } from './schema'
import { quoted, toRecord, toTime } from './values'

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

const toVersion = (wire: Schema<'ModelVersion'>): ModelVersion => ({
  name: wire.name,
  version: wire.version,
  created: toTime(wire.creation_timestamp),
  stage: wire.current_stage !== 'None' ? wire.current_stage : undefined,
  description: wire.description ?? '',
  source: wire.source,
  runId: wire.run_id || undefined,
  modelId: wire.model_id || /^models:\/(m-[^/]+)/.exec(wire.source)?.[1],
  status: wire.status,
  tags: toRecord(wire.tags),
  aliases: wire.aliases ?? [],
})

const newest = (versions: Schema<'ModelVersion'>[] = []) =>
  versions.map(({ version }) => version).sort((a, b) => Number(b) - Number(a))[0]

const toModel = (wire: Schema<'RegisteredModel'>): RegisteredModel => ({
  name: wire.name,
  created: toTime(wire.creation_timestamp),
  updated: toTime(wire.last_updated_timestamp),
  description: wire.description ?? '',
  tags: toRecord(wire.tags),
  aliases: (wire.aliases ?? []).map(({ alias, version }) => ({ alias, version })),
  latest: newest(wire.latest_versions),
})

export async function searchModels(name: string, signal?: AbortSignal): Promise<RegisteredModel[]> {
  const filter = name ? `name ILIKE ${quoted(`%${name}%`)}` : undefined
  const url = mlflow.call('registered-models/search', { filter, max_results: 1000 })
  return ((await get<Schema<'RegisteredModels'>>(url, signal)).registered_models ?? []).map(toModel)
}

export async function getModel(name: string, signal?: AbortSignal): Promise<RegisteredModel> {
  const url = mlflow.call('registered-models/get', { name })
  return toModel((await get<Schema<'OneRegisteredModel'>>(url, signal)).registered_model)
}

export async function listVersions(name: string, signal?: AbortSignal): Promise<ModelVersion[]> {
  const url = mlflow.call('model-versions/search', { filter: `name = ${quoted(name)}`, max_results: 1000 })
  const { model_versions = [] } = await get<Schema<'ModelVersions'>>(url, signal)
  return model_versions.map(toVersion).sort((a, b) => Number(b.version) - Number(a.version))
}

export async function getVersion(name: string, version: string, signal?: AbortSignal): Promise<ModelVersion> {
  const url = mlflow.call('model-versions/get', { name, version })
  return toVersion((await get<Schema<'OneModelVersion'>>(url, signal)).model_version)
}

export const createModel = (name: string, description = '') =>
  call('POST', mlflow.call('registered-models/create'), { name, description: description || undefined })

/**
 * Makes the registered model if there is none of that name, then a version of it, and notes that in the logged model
 * as MLflow's clients do.
 */
export async function registerModel(name: string, model: LoggedModel): Promise<ModelVersion> {
  try {
    await createModel(name)
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'RESOURCE_ALREADY_EXISTS')) throw error
  }
  const body: Schema<'CreateModelVersion'> = {
    name,
    source: `models:/${model.id}`,
    run_id: model.runId,
    model_id: model.id,
  }
  const url = mlflow.call('model-versions/create')
  const version = toVersion((await call<Schema<'OneModelVersion'>>('POST', url, body)).model_version)
  const noted = [...model.registrations, { name: version.name, version: version.version }]
  const tags: Schema<'SetLoggedModelTags'> = { tags: [{ key: REGISTERED_TAG, value: JSON.stringify(noted) }] }
  await call('PATCH', mlflow.loggedModelTags(model.id), tags)
  return version
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
  call('POST', mlflow.call('model-versions/transition-stage'), {
    name,
    version,
    stage,
    archive_existing_versions: false,
  })
