import type { Captured, FigureFacts } from '../../api/captured'
import { previewKind } from '../artifacts/kind'

/** A picture among the artifacts, with what is known of how it was made. */
export type Figure = { path: string; title: string; source: string | undefined; kind: 'image' | 'html'; made: string }

const FOLDER = 'figures/'

/** The figures of a run in the order in which they were made; those that no list tells of come last, by name. */
export function figuresOf(items: Captured[], listed: FigureFacts[]): Figure[] {
  const place = new Map(listed.map((facts, index) => [facts.path, { facts, index }]))
  const last = listed.length
  return items
    .filter(({ kind, key }) => kind === 'artifact' && (key.startsWith(FOLDER) || previewKind(key) === 'image'))
    .flatMap(({ key, source }) => {
      const kind = previewKind(key)
      if (kind !== 'image' && kind !== 'html') return []
      const facts = place.get(key)?.facts
      const title = facts?.title || key.slice(key.startsWith(FOLDER) ? FOLDER.length : 0)
      const made = Object.entries(facts?.at ?? {}).map(([name, value]) => `${name} ${value}`)
      return [{ path: key, title, source, kind, made: made.join(', ') } satisfies Figure]
    })
    .sort(
      (a, b) =>
        (place.get(a.path)?.index ?? last) - (place.get(b.path)?.index ?? last) ||
        a.path.localeCompare(b.path, 'en', { numeric: true }),
    )
}
