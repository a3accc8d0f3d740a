import type { MockRun } from './state.ts'

/** An error the way the server words one: what is wrong, then the filter with a mark under the place. */
export class FilterError extends Error {
  constructor(what: string, filter: string, at: number) {
    super(`Invalid filter: ${what}\n  ${filter}\n  ${' '.repeat(at)}^`)
  }
}

type Condition = (run: MockRun) => boolean

const TERM =
  /\s*(?:(?<kind>metrics?|params?|tags?|attributes?)\.)?(?<key>`[^`]+`|"[^"]+"|[\w.]+)\s*(?<op>>=|<=|!=|=|>|<|IS\s+NOT\s+NULL|IS\s+NULL|I?LIKE|IN)\s*(?<value>\([^)]*\)|'[^']*'|"[^"]*"|-?[\d.]+(?:e-?\d+)?)?\s*/iy

function valueOf(run: MockRun, kind: string, key: string): string | number | undefined {
  if (kind.startsWith('metric')) return run.metrics[key]?.at(-1)?.value
  if (kind.startsWith('param')) return run.params[key]
  if (kind.startsWith('tag')) return run.tags[key]
  const attributes: Record<string, string | number | undefined> = {
    run_id: run.id,
    run_name: run.name,
    status: run.status,
    start_time: run.start,
    created: run.start,
    end_time: run.end,
    user_id: run.user,
  }
  return attributes[key]
}

function like(text: string, pattern: string, flags: string): boolean {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%/g, '.*')
    .replace(/_/g, '.')
  return new RegExp(`^${source}$`, `s${flags}`).test(text)
}

function compare(actual: string | number | undefined, op: string, wanted: string | number): boolean {
  if (actual === undefined) return false
  switch (op) {
    case '=':
      return actual === wanted
    case '!=':
      return actual !== wanted
    case '>':
      return actual > wanted
    case '>=':
      return actual >= wanted
    case '<':
      return actual < wanted
    case '<=':
      return actual <= wanted
    case 'LIKE':
      return like(String(actual), String(wanted), '')
    case 'ILIKE':
      return like(String(actual), String(wanted), 'i')
    default:
      return false
  }
}

function condition(kind: string, key: string, op: string, raw: string): Condition {
  if (op === 'IS NULL') return (run) => valueOf(run, kind, key) === undefined
  if (op === 'IS NOT NULL') return (run) => valueOf(run, kind, key) !== undefined
  if (op === 'IN') {
    const list = [...raw.matchAll(/'([^']*)'/g)].map((match) => match[1]!)
    return (run) => list.includes(String(valueOf(run, kind, key)))
  }
  const wanted = /^['"]/.test(raw) ? raw.slice(1, -1) : Number(raw)
  return (run) => compare(valueOf(run, kind, key), op, wanted)
}

/** Enough of the filter grammar for the page's own queries and for trying the search box: no parentheses. */
export function parseFilter(filter: string): Condition {
  const either: Condition[][] = [[]]
  let at = 0
  while (filter.slice(at).trim()) {
    TERM.lastIndex = at
    const match = TERM.exec(filter)
    if (!match?.groups) throw new FilterError('expected a comparison such as metrics.accuracy > 0.9', filter, at)
    const { kind = 'attribute', key = '', op = '', value = '' } = match.groups
    const operator = op.toUpperCase().replace(/\s+/g, ' ')
    if (!value && !operator.startsWith('IS')) throw new FilterError('expected a value', filter, TERM.lastIndex)
    either.at(-1)!.push(condition(kind.toLowerCase(), key.replace(/^[`"]|[`"]$/g, ''), operator, value))
    at = TERM.lastIndex
    const join = /^(?:AND|OR)\b/i.exec(filter.slice(at))
    if (!join) break
    if (join[0].toUpperCase() === 'OR') either.push([])
    at += join[0].length
  }
  if (filter.slice(at).trim()) throw new FilterError('expected AND, OR or the end', filter, at)
  return (run) => either.some((all) => all.every((holds) => holds(run)))
}

/** Sorts like the server: numbers or text, then NaN, then missing, in both directions. */
export function orderRuns(runs: MockRun[], orderBy: string[]): MockRun[] {
  const [field = 'attributes.start_time DESC'] = orderBy
  const match = /^(?:(\w+)\.)?(`[^`]+`|"[^"]+"|\S+)(?:\s+(ASC|DESC))?$/i.exec(field.trim())
  const kind = match?.[1] ?? 'attribute'
  const key = (match?.[2] ?? 'start_time').replace(/^[`"]|[`"]$/g, '')
  const sign = match?.[3]?.toUpperCase() === 'DESC' ? -1 : 1
  const rank = (value: string | number | undefined) => (value === undefined ? 2 : Number.isNaN(value) ? 1 : 0)
  return runs.toSorted((a, b) => {
    const [x, y] = [valueOf(a, kind, key), valueOf(b, kind, key)]
    if (rank(x) || rank(y)) return rank(x) - rank(y) || b.start - a.start
    return (x! < y! ? -sign : x! > y! ? sign : 0) || b.start - a.start
  })
}
