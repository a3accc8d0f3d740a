import type { Schema } from '../../src/api/schema.ts'
import { invalid, notFound, Refusal, type Ask, type Route } from '../http.ts'
import type { State } from '../state.ts'
import { wireRegistered, wireVersion } from '../wire.ts'

const setPair = (tags: Schema<'KeyValue'>[], key: string, value: string) => [
  ...tags.filter((tag) => tag.key !== key),
  { key, value },
]

export function registryRoutes(state: State): Record<string, Route> {
  const find = (name: string) => {
    const model = state.registered.get(name)
    if (!model) throw notFound(`registered model '${name}' exists`)
    return model
  }
  const findVersion = ({ text }: Ask) => {
    const version = state.versions.find((one) => one.name === text('name') && one.version === text('version'))
    if (!version) throw notFound(`version ${text('version')} of '${text('name')}' exists`)
    return version
  }
  const done = () => {
    state.changed()
    return {}
  }
  return {
    'GET registered-models/search': ({ text }) => {
      const part = /%(.*)%/.exec(text('filter'))?.[1]?.toLowerCase() ?? ''
      const names = [...state.registered.keys()].filter((name) => name.toLowerCase().includes(part)).sort()
      return names.length ? { registered_models: names.map((name) => wireRegistered(state, name)) } : {}
    },
    'GET registered-models/get': ({ text }) => ({
      registered_model: find(text('name')) && wireRegistered(state, text('name')),
    }),
    'POST registered-models/create': ({ text }) => {
      const name = text('name')
      if (!name) throw invalid('A registered model needs a name.')
      if (state.registered.has(name))
        throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', `Registered Model (name=${name}) already exists.`)
      const now = Date.now()
      state.registered.set(name, {
        name,
        creation_timestamp: now,
        last_updated_timestamp: now,
        description: text('description'),
        tags: [],
        aliases: [],
      })
      state.changed()
      return { registered_model: wireRegistered(state, name) }
    },
    'PATCH registered-models/update': ({ text }) => {
      find(text('name')).description = text('description')
      return done()
    },
    'DELETE registered-models/delete': ({ text }) => {
      state.registered.delete(find(text('name')).name)
      state.versions = state.versions.filter((version) => version.name !== text('name'))
      return done()
    },
    'POST registered-models/set-tag': ({ text }) => {
      const model = find(text('name'))
      model.tags = setPair(model.tags ?? [], text('key'), text('value'))
      return done()
    },
    'DELETE registered-models/delete-tag': ({ text }) => {
      const model = find(text('name'))
      model.tags = (model.tags ?? []).filter((tag) => tag.key !== text('key'))
      return done()
    },
    'POST registered-models/alias': ({ text }) => {
      if (!/^[\w-]+$/.test(text('alias')))
        throw invalid(`Invalid alias '${text('alias')}': use letters, digits, - and _.`)
      const model = find(text('name'))
      const others = (model.aliases ?? []).filter((one) => one.alias !== text('alias'))
      model.aliases = [...others, { alias: text('alias'), version: text('version') }]
      return done()
    },
    'DELETE registered-models/alias': ({ text }) => {
      const model = find(text('name'))
      model.aliases = (model.aliases ?? []).filter((one) => one.alias !== text('alias'))
      return done()
    },
    'GET model-versions/search': ({ text }) => {
      const name = /=\s*['"](.*)['"]/.exec(text('filter'))?.[1]
      return { model_versions: state.versions.filter((one) => one.name === name).map((one) => wireVersion(state, one)) }
    },
    'GET model-versions/get': (ask) => ({ model_version: wireVersion(state, findVersion(ask)) }),
    'POST model-versions/create': ({ text }) => {
      find(text('name'))
      const last = Math.max(
        0,
        ...state.versions.filter((one) => one.name === text('name')).map((one) => Number(one.version)),
      )
      const now = Date.now()
      const version = {
        name: text('name'),
        version: String(last + 1),
        creation_timestamp: now,
        last_updated_timestamp: now,
        current_stage: 'None',
        description: '',
        run_link: '',
        source: text('source'),
        run_id: text('run_id'),
        model_id: text('model_id'),
        status: 'READY',
        tags: [],
      }
      state.versions.push(version)
      state.changed()
      return { model_version: version }
    },
    'PATCH model-versions/update': (ask) => {
      findVersion(ask).description = ask.text('description')
      return done()
    },
    'DELETE model-versions/delete': (ask) => {
      const gone = findVersion(ask)
      state.versions = state.versions.filter((version) => version !== gone)
      return done()
    },
    'POST model-versions/set-tag': (ask) => {
      const version = findVersion(ask)
      version.tags = setPair(version.tags ?? [], ask.text('key'), ask.text('value'))
      return done()
    },
    'DELETE model-versions/delete-tag': (ask) => {
      const version = findVersion(ask)
      version.tags = (version.tags ?? []).filter((tag) => tag.key !== ask.text('key'))
      return done()
    },
    'POST model-versions/transition-stage': (ask) => {
      findVersion(ask).current_stage = ask.text('stage')
      return done()
    },
  }
}
