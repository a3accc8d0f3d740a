import { invalid, notFound, Refusal, type Route } from '../http.ts'
import type { State } from '../state.ts'

export function experimentRoutes(state: State): Record<string, Route> {
  const find = (id: string) => {
    const experiment = state.experiment(id)
    if (!experiment) throw notFound(`experiment with ID ${id} exists`)
    return experiment
  }
  const refuseTaken = (name: string) => {
    if (state.experiments.some((experiment) => experiment.name === name))
      throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', `Experiment '${name}' already exists.`)
  }
  const stage = (id: string, lifecycle_stage: string) => {
    find(id).lifecycle_stage = lifecycle_stage
    state.changed()
    return {}
  }
  return {
    'POST experiments/search': ({ body }) => {
      const wanted = body.view_type === 'DELETED_ONLY' ? 'deleted' : 'active'
      const name = /%(.*)%/.exec(String(body.filter ?? ''))?.[1]?.toLowerCase() ?? ''
      const experiments = state.experiments
        .filter((one) => one.lifecycle_stage === wanted && one.name.toLowerCase().includes(name))
        .toSorted((a, b) => Number(b.last_update_time) - Number(a.last_update_time))
      return experiments.length ? { experiments } : {}
    },
    'GET experiments/get': ({ text }) => ({ experiment: find(text('experiment_id')) }),
    'POST experiments/create': ({ text }) => {
      if (!text('name').trim()) throw invalid("Invalid experiment name: ''. Give it a name.")
      refuseTaken(text('name'))
      const experiment_id = state.addExperiment(text('name'), Date.now())
      state.changed()
      return { experiment_id }
    },
    'POST experiments/update': ({ text }) => {
      refuseTaken(text('new_name'))
      find(text('experiment_id')).name = text('new_name')
      state.changed()
      return {}
    },
    'POST experiments/delete': ({ text }) => stage(text('experiment_id'), 'deleted'),
    'POST experiments/restore': ({ text }) => stage(text('experiment_id'), 'active'),
  }
}
