import { createSubscriber } from 'svelte/reactivity'

/** The time now, in milliseconds; who reads it in an effect is told every ten seconds. */
class Clock {
  #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 10_000)
    return () => clearInterval(timer)
  })

  get now(): number {
    this.#subscribe()
    return Date.now()
  }
}

export const clock = new Clock()
