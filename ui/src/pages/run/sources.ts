import type { Captured, CapturedKind } from '../../api/captured'

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
