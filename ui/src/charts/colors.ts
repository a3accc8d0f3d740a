const SERIES = 10

/** The colour of the n-th line, as CSS; tokens.css names them for both themes. */
export const seriesColor = (index: number) => `var(--series-${(index % SERIES) + 1})`

/**
 * A canvas knows no custom properties: this makes `rgb(…)` of any CSS colour, as it is at `host` now.
 * (Reading the property itself would give the unresolved `light-dark(…)`.)
 */
export function resolveColor(host: HTMLElement, color: string): string {
  const before = host.style.color
  host.style.color = color
  const resolved = getComputedStyle(host).color
  host.style.color = before
  return resolved
}
