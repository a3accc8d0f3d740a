import type { Schema } from '../../src/api/schema.ts'
import { FilterError, orderRuns, parseFilter } from '../filter.ts'
import { invalid, notFound, type Route } from '../http.ts'
import type { MockRun, State } from '../state.ts'
import { wireRun } from '../wire.ts'

function parse(filter: string) {
  try {
    return parseFilter(filter)
  } catch (error) {
    throw error instanceof FilterError ? invalid(error.message) : error
  }
}

export const findRun = (state: State, id: string): MockRun => {
  const run = state.runs.get(id)
  if (!run) throw notFound(`run with ID ${id} exists`)
  return run
}

export function runRoutes(state: State): Record<string, Route> {
  const change = (id: string, how: (run: MockRun) => void) => {
    how(findRun(state, id))
    state.changed()
    return {}
  }
  const findModel = (path: string) => {
    const id = path.split('/')[1] ?? ''
    const model = state.models.get(id)
    if (!model) throw notFound(`logged model with ID ${id} exists`)
    return model
  }
  return {
    'POST runs/search': ({ body }) => {
      const ids = body.experiment_ids as string[]
      const matches = parse(String(body.filter ?? ''))
      const deleted = body.run_view_type === 'DELETED_ONLY'
      const found = orderRuns(
        [...state.runs.values()].filter(
          (run) => ids.includes(run.experimentId) && run.deleted === deleted && matches(run),
        ),
        (body.order_by as string[] | undefined) ?? [],
      )
      const from = Number(body.page_token ?? 0)
      const to = from + Number(body.max_results ?? 1000)
      const runs = found.slice(from, to).map(wireRun)
      return { ...(runs.length && { runs }), ...(to < found.length && { next_page_token: String(to) }) }
    },
    'GET runs/get': ({ text }) => ({ run: wireRun(findRun(state, text('run_id'))) }),
    'POST runs/update': ({ text }) => change(text('run_id'), (run) => (run.name = text('run_name'))),
    'POST runs/delete': ({ text }) => change(text('run_id'), (run) => (run.deleted = true)),
    'POST runs/restore': ({ text }) => change(text('run_id'), (run) => (run.deleted = false)),
    'POST runs/set-tag': ({ text }) => change(text('run_id'), (run) => (run.tags[text('key')] = text('value'))),
    'POST runs/delete-tag': ({ text }) => change(text('run_id'), (run) => delete run.tags[text('key')]),
    'GET logged-models': ({ path }) => ({ model: findModel(path) }),
    'PATCH logged-models': ({ path, body }) => {
      const model = findModel(path)
      const set = body.tags as Schema<'KeyValue'>[]
      const kept = (model.info.tags ?? []).filter((tag) => !set.some((one) => one.key === tag.key))
      model.info.tags = [...kept, ...set]
      state.changed()
      return { model }
    },
  }
}
