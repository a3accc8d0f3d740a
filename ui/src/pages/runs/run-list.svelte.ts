import { SvelteSet } from 'svelte/reactivity'
import { ApiError } from '../../api/client'
import { PARENT_TAG, searchRuns, type Run, type RunSearch } from '../../api/runs'
import { defaultColumns, widened } from './columns'
import { byParent, mergeFirstPage } from './tree'

const PAGE = 100
const CHILDREN_MAX = 1000

export type ListSearch = {
  experimentId: string
  filter: string
  orderBy?: string[] | undefined
  deleted: boolean
  folded: boolean
}

const quoted = (ids: string[]) => ids.map((id) => `'${id}'`).join(', ')

/** The user's filter comes first, and bare where that is safe, so that an error points at the place that was typed. */
function both(filter: string, more: string): string {
  if (!filter || !more) return filter || more
  return /\bOR\b/i.test(filter) ? `(${filter}) AND ${more}` : `${filter} AND ${more}`
}

/** The runs of the table: pages that were loaded so far, children of those, and what keeps them up to date. */
export class RunList {
  static #last: { experimentId: string; list: RunList } | undefined

  /** The list of an experiment; the last one is kept, so that it is there at once when one comes back from a run. */
  static of(experimentId: string): RunList {
    if (this.#last?.experimentId !== experimentId) this.#last = { experimentId, list: new RunList() }
    return this.#last.list
  }

  /** Ids of the runs whose children are shown. */
  readonly open = new SvelteSet<string>()
  /** How far down the table was scrolled. */
  scrolled = $state(0)
  runs = $state.raw<Run[]>([])
  /** By parent id. */
  children = $state.raw(new Map<string, Run[]>())
  next = $state<string>()
  error = $state.raw<ApiError>()
  loading = $state(false)
  /** The columns to show where the address names none. */
  defaults = $state.raw<string[]>([])
  loaded = $state(false)
  #search: ListSearch | undefined
  #running: AbortController | undefined
  #again = false

  /** Shows what fits a search: brings the rows up to date, or begins anew if it is another search. */
  async show(search: ListSearch) {
    if (this.loaded && JSON.stringify(search) === JSON.stringify(this.#search)) return this.refresh()
    this.#search = search
    this.stop()
    await this.#attempt(async (signal) => {
      const page = await searchRuns(this.#query(search), signal)
      this.runs = page.runs
      this.next = page.next
      this.defaults = defaultColumns(page.runs, this.defaults)
      this.loaded = true
      this.scrolled = 0
      await this.#loadChildren(page.runs, signal)
    })
  }

  async more() {
    const search = this.#search
    if (!search || !this.next || this.#running) return
    await this.#attempt(async (signal) => {
      const page = await searchRuns({ ...this.#query(search), pageToken: this.next }, signal)
      const known = new Set(this.runs.map((run) => run.id))
      const added = page.runs.filter((run) => !known.has(run.id))
      this.runs = [...this.runs, ...added]
      this.next = page.next
      await this.#loadChildren(added, signal)
    })
  }

  /** Asks again for the first page, for loaded runs that are going on, and for children that may have changed. */
  async refresh(): Promise<void> {
    const search = this.#search
    if (!search) return
    if (this.#running) {
      this.#again = true
      return
    }
    await this.#attempt(async (signal) => {
      const page = await searchRuns(this.#query(search), signal)
      const first = new Set(page.runs.map((run) => run.id))
      const going = this.runs.filter((run) => run.status === 'RUNNING' && !first.has(run.id)).map((run) => run.id)
      const filter = `attributes.run_id IN (${quoted(going)})`
      const updated = going.length
        ? await searchRuns({ ...this.#query(search), filter, max: going.length }, signal)
        : undefined
      const before = new Set(this.runs.map((run) => run.id))
      if (this.runs.length <= PAGE) this.runs = page.runs
      else this.runs = mergeFirstPage(this.runs, page.runs, updated?.runs ?? [])
      if (this.runs.length <= PAGE) this.next = page.next
      this.defaults = defaultColumns(this.runs, this.defaults)
      const stale = this.runs.filter((run) => run.status === 'RUNNING' || this.open.has(run.id) || !before.has(run.id))
      await this.#loadChildren(stale, signal)
    })
    if (this.#again) {
      this.#again = false
      void this.refresh()
    }
  }

  /** Shows or hides the children of a run; the default columns make room for what they hold. */
  toggle(id: string) {
    if (this.open.delete(id)) return
    this.open.add(id)
    this.defaults = widened(this.defaults, this.children.get(id) ?? [])
  }

  forget(ids: ReadonlySet<string>) {
    this.runs = this.runs.filter((run) => !ids.has(run.id))
    this.children = byParent([...this.children.values()].flat().filter((run) => !ids.has(run.id)))
  }

  stop() {
    this.#running?.abort()
    this.#running = undefined
    this.#again = false
    this.loading = false
  }

  #query(search: ListSearch): RunSearch {
    const parents = search.folded ? `tags.\`${PARENT_TAG}\` IS NULL` : ''
    const filter = both(search.filter.trim(), parents)
    return { experimentIds: [search.experimentId], filter, orderBy: search.orderBy, deleted: search.deleted, max: PAGE }
  }

  async #loadChildren(parents: Run[], signal: AbortSignal) {
    const search = this.#search
    if (!search?.folded || !parents.length) return
    const ids = parents.map((run) => run.id)
    const page = await searchRuns(
      {
        experimentIds: [search.experimentId],
        // Tags take no IN list.
        filter: ids.map((id) => `tags.\`${PARENT_TAG}\` = '${id}'`).join(' OR '),
        orderBy: search.orderBy ?? ['attributes.start_time ASC'],
        deleted: search.deleted,
        max: CHILDREN_MAX,
      },
      signal,
    )
    const found = byParent(page.runs)
    this.children = new Map([...this.children, ...found])
  }

  async #attempt(work: (signal: AbortSignal) => Promise<void>) {
    const running = (this.#running = new AbortController())
    this.loading = true
    try {
      await work(running.signal)
      this.error = undefined
    } catch (error) {
      if (running.signal.aborted) return
      this.error = error instanceof ApiError ? error : new ApiError(String(error), 0, 'PAGE')
    }
    this.#running = undefined
    this.loading = false
  }
}
