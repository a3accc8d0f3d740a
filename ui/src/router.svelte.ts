import { withParams } from './paths'

/** The address is the page's state: pages read `address`, and write it with `navigate` or `setQuery`. */
class Address {
  path = $state(window.location.pathname)
  search = $state(window.location.search)
  query = $derived(new URLSearchParams(this.search))

  read() {
    this.path = window.location.pathname
    this.search = window.location.search
  }
}

export const address = new Address()

window.addEventListener('popstate', () => address.read())

export function navigate(to: string, { replace = false } = {}) {
  if (replace) window.history.replaceState(null, '', to)
  else window.history.pushState(null, '', to)
  const before = address.path
  address.read()
  if (address.path !== before) window.scrollTo(0, 0)
}

/** Writes query parameters of the present page; an empty or undefined value removes one. */
export function setQuery(values: Record<string, string | undefined>, { replace = true } = {}) {
  const query = new URLSearchParams(window.location.search)
  for (const [key, value] of Object.entries(values)) {
    if (value) query.set(key, value)
    else query.delete(key)
  }
  navigate(withParams(window.location.pathname, query), { replace })
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
    navigate(link.pathname + link.search)
  })
}
