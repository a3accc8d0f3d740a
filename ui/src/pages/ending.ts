import { EXIT_REASON_TAG, EXIT_TAG, type Run } from '../api/runs'

/** How a run ended that did not end well: in a word or two, and in a sentence if one is known. */
export type Ending = { label: string; reason: string | undefined }

/** Undefined for a run that goes on or ended well. */
export function endingOf({ status, tags }: Run): Ending | undefined {
  if (status !== 'FAILED' && status !== 'KILLED') return undefined
  const reason = reasonOf(tags)
  return { label: labelOf(status, tags[EXIT_TAG], reason ?? ''), reason }
}

/** Of the rank that kept the run, and of others that failed. */
function reasonOf(tags: Run['tags']): string | undefined {
  const ranks = Object.keys(tags).filter((key) => key.startsWith(`${EXIT_REASON_TAG}.`))
  const ofRanks = ranks.sort().map((key) => `${key.slice(EXIT_REASON_TAG.length + 1)}: ${tags[key]}`)
  return ofRanks.length ? [tags[EXIT_REASON_TAG] ?? [], ofRanks].flat().join(' · ') : tags[EXIT_REASON_TAG]
}

function labelOf(status: string, exit: string | undefined, reason: string): string {
  if (exit === 'lost') return 'Lost'
  if (/^(?:Probably )?out of memory/i.test(reason)) return 'Out of memory'
  if (exit === 'signal') return 'Interrupted'
  return status === 'FAILED' ? 'Failed' : 'Killed'
}
