const PREFIX = 'inferred/'

/** Whether a param or metric was guessed rather than told: those never stand among what was declared. */
export const isInferred = (key: string) => key.startsWith(PREFIX)

/** The key without the mark that it was inferred. */
export const plainKey = (key: string) => (isInferred(key) ? key.slice(PREFIX.length) : key)
