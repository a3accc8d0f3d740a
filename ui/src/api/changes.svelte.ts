import { createSubscriber } from 'svelte/reactivity'
import { own } from '../paths'
import { get } from './client'

const EVERY_MS = 2000
const SLOWEST_MS = 30_000

/**
 * The server's change count, asked for every two seconds while an effect reads it and the tab is visible.
 * When the server does not answer it is asked less and less often.
 */
class Changes {
  /** Whether the last question was answered. */
  reachable = $state(true)
  #count = 0
  #subscribe = createSubscriber((update) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let stopped = false
    let wait = EVERY_MS

    const ask = async () => {
      clearTimeout(timer)
      if (stopped || document.hidden) return
      try {
        const { count } = await get<{ count: number }>(own.changes())
        wait = EVERY_MS
        this.reachable = true
        if (this.#count !== count) {
          const first = this.#count === 0
          this.#count = count
          if (!first) update()
        }
      } catch {
        wait = Math.min(wait * 2, SLOWEST_MS)
        this.reachable = false
      }
      if (!stopped) timer = setTimeout(ask, wait)
    }
    void ask()
    document.addEventListener('visibilitychange', ask)
    return () => {
      stopped = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', ask)
    }
  })

  /** Differs after any change in the store. */
  get count(): number {
    this.#subscribe()
    return this.#count
  }
}

export const changes = new Changes()
