import type { Component } from 'svelte'
import { decoded, withoutPrefix } from './paths'

type Section = 'experiments' | 'models' | ''
type Params = Record<string, string>
// Each page declares its own properties; the pattern beside it gives them.
type Load = () => Promise<{ default: Component<any> }>

export type Route = { section: Section; load: Load; params: Params; key: string }

const TABLE: [pattern: string, section: Section, load: Load][] = [
  ['/', 'experiments', () => import('./pages/experiments/ExperimentsPage.svelte')],
  ['/experiments', 'experiments', () => import('./pages/experiments/ExperimentsPage.svelte')],
  ['/experiments/:experimentId', 'experiments', () => import('./pages/runs/RunsPage.svelte')],
  ['/runs/:runId', 'experiments', () => import('./pages/run/RunPage.svelte')],
  ['/runs/:runId/:tab', 'experiments', () => import('./pages/run/RunPage.svelte')],
  ['/compare', 'experiments', () => import('./pages/compare/ComparePage.svelte')],
  ['/models', 'models', () => import('./pages/models/ModelsPage.svelte')],
  ['/models/:name', 'models', () => import('./pages/models/ModelPage.svelte')],
  ['/models/:name/versions/:version', 'models', () => import('./pages/models/VersionPage.svelte')],
]

function fit(pattern: string, path: string): Params | undefined {
  const [names, parts] = [pattern.split('/'), path.replace(/(.)\/$/, '$1').split('/')]
  if (names.length !== parts.length) return undefined
  const params: Params = {}
  for (const [index, name] of names.entries()) {
    const part = parts[index]!
    if (name.startsWith(':')) params[name.slice(1)] = decoded(part)
    else if (name !== part) return undefined
  }
  return params
}

/** The page of a path. Its `key` changes when another thing is shown, not when another tab of the same one is. */
export function match(address: string): Route {
  const path = withoutPrefix(address)
  for (const [pattern, section, load] of TABLE) {
    const params = fit(pattern, path)
    if (!params) continue
    const { tab: _, ...identity } = params
    return { section, load, params, key: `${section}/${Object.values(identity).join('/')}` }
  }
  return { section: '', load: () => import('./pages/NotFound.svelte'), params: { path }, key: path }
}
