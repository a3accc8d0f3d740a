/** The same numbers every time (mulberry32), so that tests and screenshots can be compared. */
export function random(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!
  const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('')
  return { next, pick, hex, between: (low: number, high: number) => low + next() * (high - low) }
}

export type Random = ReturnType<typeof random>

const ADJECTIVES = ['calm', 'bright', 'rapid', 'quiet', 'bold', 'gentle', 'amused', 'clever', 'stately', 'vivid']
const NOUNS = ['finch', 'river', 'maple', 'otter', 'comet', 'harbor', 'lynx', 'meadow', 'quail', 'ember']

export const runName = (r: Random) => `${r.pick(ADJECTIVES)}-${r.pick(NOUNS)}-${Math.floor(r.between(100, 999))}`
