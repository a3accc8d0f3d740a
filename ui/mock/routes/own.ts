import { notFound, type Ask, type Route } from '../http.ts'
import type { Files, State } from '../state.ts'
import { wireSeries, wireSummary } from '../wire.ts'
import { findRun } from './runs.ts'

const TYPES: Record<string, string> = {
  png: 'image/png',
  svg: 'image/svg+xml',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
}

function list(files: Files, folder: string) {
  const prefix = folder ? `${folder}/` : ''
  const found = new Map<string, { path: string; is_dir: boolean; file_size?: number }>()
  for (const [path, content] of Object.entries(files)) {
    if (!path.startsWith(prefix)) continue
    const [name, ...rest] = path.slice(prefix.length).split('/')
    const here = prefix + name!
    found.set(
      here,
      rest.length ? { path: here, is_dir: true } : { path: here, is_dir: false, file_size: content.length },
    )
  }
  return [...found.values()]
}

export function ownRoutes(state: State): Record<string, Route> {
  const filesOf = ({ text }: Ask) => state.files.get(text('run_id') || text('model_id')) ?? {}
  const run = (path: string) => findRun(state, decodeURIComponent(path.split('/')[1] ?? ''))
  return {
    'GET changes': () => ({ count: state.count }),
    'GET runs': ({ path }) => {
      const [, , what, kind] = path.split('/')
      const it = run(path)
      if (what === 'captured') return { items: it.captured }
      if (what === 'param-history') return { values: it.paramHistory ?? [] }
      if (what === 'drift') return { datasets: it.drift ?? [] }
      if (what === 'metrics')
        return { metrics: Object.entries(it.metrics).map(([key, points]) => wireSummary(key, points)) }
      if (!kind) return { documents: Object.keys(it.documents).map((name) => ({ kind: name, digest: '0' })) }
      const bytes = it.documents[kind]
      if (bytes === undefined) throw notFound(`document '${kind}' of run ${it.id}`)
      return {
        bytes: Buffer.from(bytes),
        type: kind.startsWith('console') || kind === 'traceback' ? 'text/plain; charset=utf-8' : 'application/json',
      }
    },
    'GET series': ({ query, text }) => ({
      series: query
        .getAll('run_id')
        .map((id) => wireSeries(findRun(state, id), text('key'), Number(text('max_points') || 2000))),
    }),
    'GET artifacts': (ask) => ({ files: list(filesOf(ask), ask.text('path')) }),
    'GET artifact': (ask) => {
      const content = filesOf(ask)[ask.text('path')]
      if (content === undefined) throw notFound(`artifact '${ask.text('path')}'`)
      const type = TYPES[ask.text('path').split('.').pop() ?? ''] ?? 'text/plain; charset=utf-8'
      return { bytes: Buffer.from(content as Buffer), type }
    },
  }
}
