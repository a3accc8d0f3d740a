import { untrack } from 'svelte'
import { changes } from './changes.svelte'
import { ApiError } from './client'

const remembered = new Map<string, unknown>()
const REMEMBERED_MAX = 40

function remember(key: string, value: unknown) {
  remembered.delete(key)
  remembered.set(key, value)
  if (remembered.size > REMEMBERED_MAX) remembered.delete(remembered.keys().next().value!)
}

/** Something the server holds: what is known of it now, and whether it is being asked for. */
export class Resource<T> {
  data = $state.raw<T>()
  error = $state.raw<ApiError>()
  loading = $state(false)
  #key: string | undefined
  #fetch: (signal: AbortSignal) => Promise<T>
  #running: AbortController | undefined
  #again = false

  constructor(fetch: (signal: AbortSignal) => Promise<T>) {
    this.#fetch = fetch
  }

  /** Asks again; a request that is under way for the same key is let finish first. */
  refresh() {
    if (this.#key !== undefined) this.load(this.#key)
  }

  load(key: string | undefined) {
    if (key === this.#key && this.#running) {
      this.#again = true
      return
    }
    if (key !== this.#key) {
      this.#running?.abort()
      // While another key is asked for, what is shown stays: a list does not blink while one types.
      if (key === undefined) this.data = undefined
      else if (remembered.has(key)) this.data = remembered.get(key) as T
      this.error = undefined
    }
    this.#key = key
    if (key !== undefined) void this.#run(key)
  }

  async #run(key: string) {
    const running = (this.#running = new AbortController())
    this.#again = false
    this.loading = true
    try {
      const value = await this.#fetch(running.signal)
      if (running.signal.aborted) return
      this.data = value
      this.error = undefined
      remember(key, value)
    } catch (error) {
      if (running.signal.aborted) return
      this.error = error instanceof ApiError ? error : new ApiError(String(error), 0, 'PAGE')
    }
    this.#running = undefined
    this.loading = false
    if (this.#again) void this.#run(key)
  }

  stop() {
    this.#running?.abort()
  }
}

/**
 * Loads whenever `key` changes (not while it is undefined) and, if `live` says so, whenever the store changes.
 * What was known of a key shows at once while it is asked for again.
 */
export function resource<T>(
  key: () => string | undefined,
  fetch: (signal: AbortSignal) => Promise<T>,
  live: () => boolean = () => false,
): Resource<T> {
  const it = new Resource(fetch)
  $effect(() => {
    const now = key()
    if (live()) void changes.count
    untrack(() => it.load(now))
  })
  $effect(() => () => it.stop())
  return it
}
