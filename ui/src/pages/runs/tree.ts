import { PARENT_TAG, type Run } from '../../api/runs'

export type Row = { run: Run; depth: number; children: number; open: boolean }

/** Children by the id of their parent, in the order they came. */
export function byParent(runs: Run[]): Map<string, Run[]> {
  const groups = new Map<string, Run[]>()
  for (const run of runs) {
    const parent = run.tags[PARENT_TAG]
    if (parent === undefined) continue
    const group = groups.get(parent)
    if (group) group.push(run)
    else groups.set(parent, [run])
  }
  return groups
}

/** The rows of the table: each run, and under an open one its children. */
export function rowsOf(runs: Run[], children: Map<string, Run[]>, open: ReadonlySet<string>, depth = 0): Row[] {
  const rows: Row[] = []
  for (const run of runs) {
    const own = children.get(run.id) ?? []
    const isOpen = open.has(run.id) && own.length > 0
    rows.push({ run, depth, children: own.length, open: isOpen })
    if (isOpen) rows.push(...rowsOf(own, children, open, depth + 1))
  }
  return rows
}

/** What is loaded, brought up to date: the first page as it is now, then what was loaded beyond it. */
export function mergeFirstPage(loaded: Run[], first: Run[], updated: Run[]): Run[] {
  const inFirst = new Set(first.map((run) => run.id))
  const fresh = new Map(updated.map((run) => [run.id, run]))
  const beyond = loaded.filter((run) => !inFirst.has(run.id)).map((run) => fresh.get(run.id) ?? run)
  return [...first, ...beyond]
}
