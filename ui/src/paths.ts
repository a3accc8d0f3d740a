/** Every address the page shows or asks for is built here. */

/** What stands before every path: nothing, or the prefix that the server was started with, which it writes into `<base>`. */
const PREFIX = typeof document === 'undefined' ? '' : prefixOf(document.baseURI)

const API = `${PREFIX}/ajax-api/2.0/mlflow`
const OWN = `${PREFIX}/api/trackline`

/** `/mlflow` of `http://host/mlflow/`. */
export function prefixOf(base: string): string {
  return new URL(base).pathname.replace(/\/$/, '')
}

type Query = Record<string, string | number | string[] | undefined>

function withQuery(path: string, query: Query): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) params.append(key, String(one))
  }
  return withParams(path, params)
}

/** A path with its query; commas and slashes, which a query may hold, stay readable. */
export function withParams(path: string, params: URLSearchParams): string {
  const text = params.toString().replaceAll('%2C', ',').replaceAll('%2F', '/')
  return text ? `${path}?${text}` : path
}

const part = encodeURIComponent

/** A part of an address as text; one that is not well encoded stands for itself. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export type RunTab =
  | 'overview'
  | 'charts'
  | 'system'
  | 'structure'
  | 'data'
  | 'figures'
  | 'artifacts'
  | 'environment'
  | 'console'
  | 'captured'
/** A run's own files, or those of a model it logged. */
export type ArtifactOwner = { runId: string } | { modelId: string }

const ownerQuery = (owner: ArtifactOwner): Query =>
  'runId' in owner ? { run_id: owner.runId } : { model_id: owner.modelId }

/**
 * Chosen runs stand behind the `#`: that part is not sent to the server, so that no server or proxy between finds an
 * address with hundreds of ids too long.
 */
export const runsHash = (ids: string[]) => (ids.length ? `#runs=${ids.join(',')}` : '')

/** The chosen runs of an address. */
export const runsOf = (hash: string): string[] => /^#runs=(.+)$/.exec(hash)?.[1]?.split(',') ?? []

/** Addresses of pages. */
export const pages = {
  home: () => `${PREFIX}/`,
  experiments: () => `${PREFIX}/experiments`,
  experiment: (id: string) => `${PREFIX}/experiments/${part(id)}`,
  run: (id: string, tab: RunTab = 'overview') => `${PREFIX}/runs/${part(id)}${tab === 'overview' ? '' : `/${tab}`}`,
  chartsOf: (id: string, metric: string) => withQuery(pages.run(id, 'charts'), { find: metric }),
  artifact: (runId: string, path?: string, modelId?: string) =>
    withQuery(pages.run(runId, 'artifacts'), { model: modelId, path }),
  compare: (runIds: string[]) => `${PREFIX}/compare${runsHash(runIds)}`,
  models: () => `${PREFIX}/models`,
  model: (name: string) => `${PREFIX}/models/${part(name)}`,
  version: (name: string, version: string) => `${pages.model(name)}/versions/${part(version)}`,
}

/** The path of an address of the page, as the table of pages has it. */
export const withoutPrefix = (path: string) => (path.startsWith(`${PREFIX}/`) ? path.slice(PREFIX.length) : path)

/** Addresses of MLflow's REST API that the page calls. */
export const mlflow = {
  call: (name: string, query: Query = {}) => withQuery(`${API}/${name}`, query),
  loggedModel: (id: string) => `${API}/logged-models/${part(id)}`,
  loggedModelTags: (id: string) => `${API}/logged-models/${part(id)}/tags`,
}

/** Addresses of Trackline's own API. */
export const own = {
  changes: () => `${OWN}/changes`,
  captured: (runId: string) => `${OWN}/runs/${part(runId)}/captured`,
  paramHistory: (runId: string) => `${OWN}/runs/${part(runId)}/param-history`,
  drift: (runId: string) => `${OWN}/runs/${part(runId)}/drift`,
  summaries: (runId: string) => `${OWN}/runs/${part(runId)}/metrics`,
  documents: (runId: string) => `${OWN}/runs/${part(runId)}/documents`,
  document: (runId: string, kind: string) => `${OWN}/runs/${part(runId)}/documents/${part(kind)}`,
  series: (runIds: string[], key: string, maxPoints: number) =>
    withQuery(`${OWN}/series`, { run_id: runIds, key, max_points: maxPoints }),
  artifacts: (owner: ArtifactOwner, path = '') => withQuery(`${OWN}/artifacts`, { ...ownerQuery(owner), path }),
  /** The bytes for a preview; the server's headers keep HTML from scripting the page. */
  artifact: (owner: ArtifactOwner, path: string) => withQuery(`${OWN}/artifact`, { ...ownerQuery(owner), path }),
}

/** Where an address of MLflow's page (`#/experiments/1/runs/abc`) leads here, if it is one. */
export function fromMlflowHash(hash: string): string | undefined {
  const parts = hash.replace(/^#\/?/, '').split('?')[0]!.split('/').map(decoded)
  const [kind, id, sub, subId] = parts
  if (kind === 'experiments' && id) return sub === 'runs' && subId ? pages.run(subId) : pages.experiment(id)
  if (kind === 'models') {
    if (!id) return pages.models()
    return sub === 'versions' && subId ? pages.version(id, subId) : pages.model(id)
  }
  return undefined
}
