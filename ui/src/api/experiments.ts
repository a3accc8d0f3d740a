import { mlflow } from '../paths'
import { call, get } from './client'
import type { Schema } from './schema'
import { quoted, toRecord, toTime } from './values'

export type Experiment = {
  id: string
  name: string
  created?: number | undefined
  updated?: number | undefined
  deleted: boolean
  tags: Record<string, string>
}

const toExperiment = (wire: Schema<'Experiment'>): Experiment => ({
  id: wire.experiment_id,
  name: wire.name,
  created: toTime(wire.creation_time),
  updated: toTime(wire.last_update_time),
  deleted: wire.lifecycle_stage === 'deleted',
  tags: toRecord(wire.tags),
})

export async function searchExperiments(name: string, deleted: boolean, signal: AbortSignal): Promise<Experiment[]> {
  const answer = await call<Schema<'Experiments'>>(
    'POST',
    mlflow.call('experiments/search'),
    {
      max_results: 1000,
      ...(name && { filter: `name ILIKE ${quoted(`%${name}%`)}` }),
      order_by: ['last_update_time DESC'],
      view_type: deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY',
    } satisfies Schema<'SearchExperiments'>,
    signal,
  )
  return (answer.experiments ?? []).map(toExperiment)
}

export async function getExperiment(id: string, signal?: AbortSignal): Promise<Experiment> {
  const url = mlflow.call('experiments/get', { experiment_id: id })
  return toExperiment((await get<Schema<'OneExperiment'>>(url, signal)).experiment)
}

export async function createExperiment(name: string): Promise<string> {
  const body: Schema<'CreateExperiment'> = { name }
  return (await call<Schema<'ExperimentCreated'>>('POST', mlflow.call('experiments/create'), body)).experiment_id
}

export const renameExperiment = (id: string, name: string) =>
  call('POST', mlflow.call('experiments/update'), { experiment_id: id, new_name: name })

export const deleteExperiment = (id: string) => call('POST', mlflow.call('experiments/delete'), { experiment_id: id })

export const restoreExperiment = (id: string) => call('POST', mlflow.call('experiments/restore'), { experiment_id: id })
