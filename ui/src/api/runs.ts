import { mlflow } from '../paths'
import { call, get } from './client'
import type { RunStatus, Schema } from './schema'
import { toNumber, toRecord, toTime } from './values'

export type { RunStatus } from './schema'

export type Dataset = {
  name: string
  digest: string
  context?: string | undefined
  sourceType?: string | undefined
  source?: string | undefined
  schema?: string | undefined
  profile?: string | undefined
}

export type Run = {
  id: string
  name: string
  experimentId: string
  user: string
  status: RunStatus
  start?: number | undefined
  end?: number | undefined
  deleted: boolean
  params: Record<string, string>
  metrics: Record<string, number>
  tags: Record<string, string>
  datasets: Dataset[]
  /** Logged models the run made. */
  modelIds: string[]
}

export const PARENT_TAG = 'mlflow.parentRunId'
export const NOTE_TAG = 'mlflow.note.content'
export const SOURCE_TAG = 'mlflow.source.name'
export const COMMIT_TAG = 'mlflow.source.git.commit'
/** How long recording took the script, in milliseconds. */
export const OVERHEAD_TAG = 'trackline.overhead_ms'
/** What was left out so that recording costs no more. */
export const SHED_TAG = 'trackline.shed'
/** How the run ended that did not end well, in a word. */
export const EXIT_TAG = 'trackline.exit'
/** Why the run did not end well, in a sentence. */
export const EXIT_REASON_TAG = 'trackline.exit_reason'

/** Whether a tag is one that clients write for themselves; those have their own places on the page. */
export const isClientTag = (key: string) => key.startsWith('mlflow.') || key.startsWith('trackline.')

const toDataset = (wire: Schema<'Dataset'>, tags: Record<string, string>): Dataset => ({
  name: wire.name ?? '',
  digest: wire.digest ?? '',
  context: tags['mlflow.data.context'],
  sourceType: wire.source_type,
  source: wire.source,
  schema: wire.schema,
  profile: wire.profile,
})

function toRun(wire: Schema<'Run'>): Run {
  const { info, data, inputs, outputs } = wire
  return {
    id: info.run_id,
    name: info.run_name || info.run_id.slice(0, 8),
    experimentId: info.experiment_id,
    user: info.user_id,
    status: info.status,
    start: toTime(info.start_time),
    end: toTime(info.end_time),
    deleted: info.lifecycle_stage === 'deleted',
    params: toRecord(data.params),
    metrics: Object.fromEntries((data.metrics ?? []).map((metric) => [metric.key, toNumber(metric.value)])),
    tags: toRecord(data.tags),
    datasets: (inputs.dataset_inputs ?? []).map(({ dataset, tags }) => toDataset(dataset ?? {}, toRecord(tags))),
    modelIds: (outputs.model_outputs ?? []).map(({ model_id }) => model_id),
  }
}

export type RunSearch = {
  experimentIds: string[]
  filter?: string | undefined
  orderBy?: string[] | undefined
  deleted?: boolean | undefined
  max?: number | undefined
  pageToken?: string | undefined
}

export type RunPage = { runs: Run[]; next?: string | undefined }

export async function searchRuns(search: RunSearch, signal?: AbortSignal): Promise<RunPage> {
  const answer = await call<Schema<'Runs'>>(
    'POST',
    mlflow.call('runs/search'),
    {
      experiment_ids: search.experimentIds,
      filter: search.filter || undefined,
      order_by: search.orderBy,
      run_view_type: search.deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY',
      max_results: search.max ?? 100,
      page_token: search.pageToken,
    } satisfies Schema<'SearchRuns'>,
    signal,
  )
  return { runs: (answer.runs ?? []).map(toRun), next: answer.next_page_token || undefined }
}

export async function getRun(id: string, signal?: AbortSignal): Promise<Run> {
  return toRun((await get<Schema<'OneRun'>>(mlflow.call('runs/get', { run_id: id }), signal)).run)
}

export const renameRun = (id: string, name: string) =>
  call('POST', mlflow.call('runs/update'), { run_id: id, run_name: name } satisfies Schema<'UpdateRun'>)

export const deleteRun = (id: string) => call('POST', mlflow.call('runs/delete'), { run_id: id })

export const restoreRun = (id: string) => call('POST', mlflow.call('runs/restore'), { run_id: id })

export const setRunTag = (id: string, key: string, value: string) =>
  call('POST', mlflow.call('runs/set-tag'), { run_id: id, key, value } satisfies Schema<'SetOnRun'>)

export const deleteRunTag = (id: string, key: string) =>
  call('POST', mlflow.call('runs/delete-tag'), { run_id: id, key } satisfies Schema<'DeleteTag'>)

/** Several runs in the order of their ids: one request for all that are in the experiment of the first one. */
export async function getRuns(ids: string[], signal?: AbortSignal): Promise<Run[]> {
  const [firstId] = ids
  if (!firstId) return []
  const first = await getRun(firstId, signal)
  const filter = `attributes.run_id IN (${ids.map((id) => `'${id}'`).join(', ')})`
  const { runs } = await searchRuns({ experimentIds: [first.experimentId], filter, max: ids.length }, signal)
  const known = new Map([first, ...runs].map((run) => [run.id, run]))
  const elsewhere = await Promise.all(ids.filter((id) => !known.has(id)).map((id) => getRun(id, signal)))
  for (const run of elsewhere) known.set(run.id, run)
  return ids.map((id) => known.get(id)!)
}
