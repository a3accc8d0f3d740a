import type { Captured, CapturedKind } from '../../api/captured'
import { isInferred } from '../inferred'

/** Where the items of a run came from. `shown` says whether to write it out or only mark it. */
export class Sources {
  readonly shown: boolean
  #items: Map<string, Captured>

  constructor(items: Captured[], shown: boolean) {
    this.shown = shown
    this.#items = new Map(items.map((item) => [`${item.kind} ${item.key}`, item]))
  }

  of(kind: CapturedKind, key: string): Captured | undefined {
    return this.#items.get(`${kind} ${key}`)
  }
}

/** `sklearn.fit`, and how sure that is where it was inferred. */
export function describeSource({ source, confidence }: Captured): string {
  if (source === 'user') return 'logged by the script'
  return confidence === undefined
    ? `captured by ${source}`
    : `captured by ${source}, ${Math.round(confidence * 100)} % sure`
}

export type SourceGroup = { title: string; inferred: boolean; items: Captured[] }

/** Items by where they came from: what the script logged first, then who captured most, at last what was inferred. */
export function bySource(items: Captured[]): SourceGroup[] {
  const groups = new Map<string, SourceGroup>()
  for (const item of items) {
    const inferred = isInferred(item.key)
    const title = inferred ? 'Inferred' : item.source
    const group = groups.get(title) ?? { title, inferred, items: [] }
    groups.set(title, group)
    group.items.push(item)
  }
  const rank = ({ title, inferred }: SourceGroup) => (inferred ? 2 : title === 'user' ? 0 : 1)
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || b.items.length - a.items.length)
}
