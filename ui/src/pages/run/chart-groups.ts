import { isInferred, plainKey } from '../inferred'

export type Grouping = 'each' | 'prefix' | 'name'

/** Metrics that share a chart, under the title of its section. */
export type ChartGroup = { section: string; title: string; keys: string[] }

const OTHER = ''
const INFERRED = 'Inferred'

/** `train/loss` → `train`; without a slash, xgboost's `validation_0-logloss` → `validation_0`. */
function split(key: string): [prefix: string, name: string] {
  const slash = key.lastIndexOf('/')
  if (slash > 0) return [key.slice(0, slash), key.slice(slash + 1)]
  const dash = /^((?:validation|train|valid|eval|test)\w*)-(.+)$/.exec(key)
  return dash ? [dash[1]!, dash[2]!] : [OTHER, key]
}

/**
 * Sorts metrics into charts: one each under the section of its prefix, one chart per prefix (`train/…`), or one per
 * name (`train/loss` beside `val/loss`). What was inferred has charts of its own, after all others.
 */
export function groupCharts(keys: string[], grouping: Grouping): ChartGroup[] {
  const groups = new Map<string, ChartGroup>()
  for (const key of keys) {
    const [prefix, name] = split(plainKey(key))
    const title = { each: plainKey(key), prefix: prefix || plainKey(key), name }[grouping]
    const section = isInferred(key) ? INFERRED : grouping === 'each' ? prefix : OTHER
    const group = groups.get(`${section} ${title}`)
    if (group) group.keys.push(key)
    else groups.set(`${section} ${title}`, { section, title, keys: [key] })
  }
  const rank = ({ section }: ChartGroup) => (section === OTHER ? 0 : section === INFERRED ? 2 : 1)
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || a.section.localeCompare(b.section))
}
