import type { components } from './generated'

/** What the server's JSON looks like, as its API document says. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name]

/** A double; JSON has no NaN and no infinities, so these are text. */
export type Double = Schema<'Metric'>['value']
export type RunStatus = Schema<'RunInfo'>['status']
