import type { Component } from 'svelte'
import { runsHash, runsOf, withParams } from './paths'
import { match, type Route } from './routes'

type Shown = Route & ({ page: Component<Route['params']> } | { error: Error })

/**
 * The address is the page's state: pages read `address`, and write it with `navigate` or `setQuery`.
 * It changes together with what is shown, when that is loaded, so that no page ever sees the address of another one.
 */
class Address {
  path = $state(window.location.pathname)
  search = $state(window.location.search)
  hash = $state(window.location.hash)
  query = $derived(new URLSearchParams(this.search))
  /** Ids of the runs that were chosen. */
  runs = $derived(runsOf(this.hash))
  shown = $state.raw<Shown>()

  /** Follows the browser's address. */
  async arrive() {
    const { pathname, search, hash } = window.location
    const route = match(pathname)
    let shown: Shown
    if (this.shown?.key === route.key && 'page' in this.shown) {
      shown = { ...this.shown, ...route }
    } else {
      shown = await route.load().then(
        (module) => ({ ...route, page: module.default }),
        (error: unknown) => ({ ...route, error: error instanceof Error ? error : new Error(String(error)) }),
      )
      if (window.location.pathname !== pathname) return // gone on to another page meanwhile
      window.scrollTo(0, 0)
    }
    this.path = pathname
    this.search = search
    this.hash = hash
    this.shown = shown
  }
}

export const address = new Address()

window.addEventListener('popstate', () => void address.arrive())

export function navigate(to: string, { replace = false } = {}) {
  if (replace) window.history.replaceState(null, '', to)
  else window.history.pushState(null, '', to)
  void address.arrive()
}

/** Writes query parameters of the present page; an empty or undefined value removes one. */
export function setQuery(values: Record<string, string | undefined>, { replace = true } = {}) {
  const query = new URLSearchParams(window.location.search)
  for (const [key, value] of Object.entries(values)) {
    if (value) query.set(key, value)
    else query.delete(key)
  }
  navigate(withParams(window.location.pathname, query) + window.location.hash, { replace })
}

/** Chooses other runs on the present page. */
export function setRuns(ids: string[], { replace = true } = {}) {
  navigate(window.location.pathname + window.location.search + runsHash(ids), { replace })
}

/** Makes plain clicks on links of this page change the address without loading a new document. */
export function followLinks() {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element).closest?.('a')
    if (!link || link.target || link.hasAttribute('download') || link.origin !== window.location.origin) return
    if (link.dataset.document !== undefined) return // served by the server, not by the page
    event.preventDefault()
    navigate(link.pathname + link.search + link.hash)
  })
}
